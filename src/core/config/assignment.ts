import * as z from 'zod'
import { DdalabError } from '../errors.ts'
import type { Finding } from './finding.ts'
import { CURRENT_VERSION } from './migrations/index.ts'
import { formatPath, type Path, parsePath, setPath } from './path.ts'
import { configSchema } from './schema.ts'
import { hintForUnknown, schemaFindings } from './schema-problems.ts'
import { isSecretSchemaPath, schemaAt } from './schema-walk.ts'

/** One `K=V`: `setPath(data, path, value)` applies it. */
export interface Assignment {
  readonly path: Path
  readonly value: unknown
  /** The value must not be shown; and whoever took it from the command line should have refused it. */
  readonly secret: boolean
}

/**
 * Reads `api.port=8002` by the schema: numbers, `true` and `false`, lists as `a,b`, texts as they are (an empty value is an
 * empty text). Where numbers and texts are taken, a number that reads back as the same text is one (not `007`, not `1e3`),
 * and likewise `true` and `false`; with `asText`, for secrets, they are texts. USAGE for an unknown setting, a section or a value that does not fit; the value is never in the message.
 */
export function parseAssignment(
  assignment: string,
  { asText = false }: { readonly asText?: boolean } = {},
): Assignment {
  const equals = assignment.indexOf('=')
  if (equals < 1) {
    throw new DdalabError('USAGE', 'A setting is given as KEY=VALUE', { hint: 'For example api.port=8002.' })
  }
  const path = parsePath(assignment.slice(0, equals).trim())
  const value = settingValue(path, assignment.slice(equals + 1), { asText })
  const wrong = settingProblem(path, value)
  if (wrong !== undefined) throw new DdalabError('USAGE', wrong.message, { hint: wrong.hint })
  return { path, value, secret: isSecretSchemaPath(path) }
}

/** What a text means as the value of a setting, as in `parseAssignment`. USAGE for what is no setting, or a section. */
export function settingValue(
  path: Path,
  text: string,
  { asText = false }: { readonly asText?: boolean } = {},
): unknown {
  return typed(settingAt(path), text, asText)
}

/** Why the schema refuses a value of a setting by itself; undefined when it does not. */
export function settingProblem(path: Path, value: unknown): Finding | undefined {
  const alone = setPath({ version: CURRENT_VERSION }, path, value)
  const parsed = configSchema.safeParse(alone)
  return parsed.success ? undefined : schemaFindings(parsed.error, alone)[0]
}

/** The schema of one value (no section) at the path. */
function settingAt(path: Path): z.core.$ZodType {
  const name = formatPath(path)
  const schema = schemaAt(path)
  if (schema === undefined || path.some((step) => typeof step === 'number')) {
    throw new DdalabError('USAGE', `${name} is not a setting`, { hint: hintForUnknown(knownPart(path)) })
  }
  if (name === 'version') {
    throw new DdalabError('USAGE', 'version cannot be set', { hint: 'The program writes it.' })
  }
  if (schema instanceof z.ZodObject) {
    const keys = Object.keys(schema.shape).map((key) => `${name}.${key}`)
    throw new DdalabError('USAGE', `${name} is a section`, { hint: `Set what is in it: ${keys.join(', ')}.` })
  }
  if (schema instanceof z.ZodRecord) {
    throw new DdalabError('USAGE', `${name} is a section`, { hint: `Set one of its names: ${name}.NAME=VALUE.` })
  }
  return schema
}

/** The path up to and with the first step that the schema does not know. */
function knownPart(path: Path): Path {
  const end = path.findIndex((_, index) => schemaAt(path.slice(0, index + 1)) === undefined)
  return end === -1 ? path : path.slice(0, end + 1)
}

function typed(schema: z.core.$ZodType, text: string, asText: boolean): unknown {
  if (schema instanceof z.ZodArray) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  }
  if (schema instanceof z.ZodNumber && /^-?\d+(?:\.\d+)?$/.test(text.trim())) return Number(text)
  if (schema instanceof z.ZodBoolean && /^(?:true|false)$/.test(text.trim())) return text.trim() === 'true'
  if (schema instanceof z.ZodUnion && !asText) {
    if (text === 'true' || text === 'false') return text === 'true'
    if (/^-?\d+(?:\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text)
  }
  return text
}
