import { problemsError } from '../errors.ts'
import { parseDocument } from './document.ts'
import { type Finding, type Locate, problemOf } from './finding.ts'
import { CURRENT_VERSION } from './migrations/index.ts'
import { isTree, setPath } from './path.ts'
import { type Config, configSchema } from './schema.ts'
import { schemaFindings } from './schema-problems.ts'

/** What `init` is told: a config of which everything may be absent. The wizard, a file and flags all give the same. */
export type Answers = Omit<Config, 'version'>

export const answersSchema = configSchema.omit({ version: true })

export interface AnswersFile {
  readonly answers: Answers
  readonly locate: Locate
}

/**
 * Reads a file of answers: a config without its version. Throws all problems at once, each with its place: CONFIG_UNREADABLE,
 * CONFIG_INVALID. Rules over several settings are left to the whole of all answers.
 */
export function parseAnswers(text: string, file: string): AnswersFile {
  const yaml = parseDocument(text, file)
  const given = yaml.data ?? {}
  const data = isTree(given) ? setPath(given, ['version'], undefined) : given
  const parsed = answersSchema.safeParse(data)
  const wrong = yaml.brokenFrom === undefined && !parsed.success ? schemaFindings(parsed.error, data) : []
  const found = [...versionFinding(given), ...wrong].map((finding) => problemOf(finding, yaml.locate))
  const [first, ...rest] = [...yaml.problems, ...found.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0))]
  if (first !== undefined) throw problemsError([first, ...rest], `${file} holds no valid answers`)
  return { answers: parsed.data ?? {}, locate: yaml.locate }
}

function versionFinding(given: unknown): readonly Finding[] {
  if (!isTree(given) || given.version === undefined || given.version === CURRENT_VERSION) return []
  return [
    {
      path: ['version'],
      part: 'value',
      message: `version must be ${CURRENT_VERSION} in a file of answers, or be left out`,
      hint: 'A config of another version is a beginning for init: --from FILE.',
    },
  ]
}
