import { dirname, join, relative, resolve, sep } from 'node:path'
import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import { readFileIfExists } from '../../files.ts'
import { parseDocument } from '../document.ts'
import { matcher, UnknownPattern } from './selector.ts'

const recipients = z.union([z.string(), z.array(z.string())]).nullish()
const rule = z.object({
  path_regex: z.string().nullish(),
  age: recipients,
  key_groups: z.array(z.object({ age: recipients })).nullish(),
})
const rules = z.object({ creation_rules: z.array(rule).nullish() })

const RULES_FILE = '.sops.yaml'

/**
 * For whom a new file is sealed by the nearest `.sops.yaml` above it: its first rule whose `path_regex` matches. Undefined
 * when there is none. Errors: SECRETS_MALFORMED, SECRETS_UNSUPPORTED (a rule without age recipients), FILE_NOT_READABLE.
 */
export async function creationRecipients(configFile: string): Promise<readonly string[] | undefined> {
  const found = await nearestRules(dirname(resolve(configFile)))
  if (found === undefined) return undefined
  const { file, text } = found
  const fail = (code: 'SECRETS_MALFORMED' | 'SECRETS_UNSUPPORTED', message: string, hint: string) =>
    new DdalabError(code, `${file}: ${message}`, { hint, place: { file } })

  const document = parseDocument(text, file)
  const parsed = rules.safeParse(document.data)
  if (document.problems.length > 0 || !parsed.success) {
    throw fail('SECRETS_MALFORMED', 'its rules cannot be read', 'See the documentation of sops for creation_rules.')
  }
  const path = relative(dirname(file), resolve(configFile)).split(sep).join('/')
  const matching = parsed.data.creation_rules?.find(({ path_regex }) => {
    if (path_regex == null || path_regex === '') return true
    try {
      return matcher(path_regex)(path)
    } catch (thrown) {
      if (!(thrown instanceof UnknownPattern)) throw thrown
      throw fail('SECRETS_UNSUPPORTED', 'a path_regex that ddalab does not know', 'Write it with simpler constructs.')
    }
  })
  if (matching === undefined) return undefined
  const groups = matching.key_groups ?? []
  if (groups.length > 1) {
    throw fail('SECRETS_UNSUPPORTED', 'the rule wants several groups of keys', 'Put the age recipients into one group.')
  }
  const list = [matching.age ?? groups[0]?.age ?? []].flat().flatMap((entry) => entry.split(','))
  const trimmed = list.map((recipient) => recipient.trim()).filter((recipient) => recipient !== '')
  if (trimmed.length > 0) return trimmed
  throw fail('SECRETS_UNSUPPORTED', 'the rule for this file names no age recipient', 'Add age: to the rule.')
}

async function nearestRules(directory: string): Promise<{ file: string; text: string } | undefined> {
  const file = join(directory, RULES_FILE)
  const text = await readFileIfExists(file)
  if (text !== undefined) return { file, text }
  const above = dirname(directory)
  return above === directory ? undefined : nearestRules(above)
}
