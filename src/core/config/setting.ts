import * as z from 'zod'
import { parsePath } from './path.ts'
import { descriptionAt, isSecretSchemaPath, schemaAt } from './schema-walk.ts'

/** What a form needs to know of one setting. */
export interface SettingFacts {
  readonly kind: 'text' | 'number' | 'flag' | 'choice' | 'list' | 'secret'
  /** For `choice`. */
  readonly choices: readonly string[]
  /** One sentence. */
  readonly description: string
}

/** The facts of the setting at a dotted path, from the schema; what the schema does not know is a text. */
export function describeSetting(path: string): SettingFacts {
  const steps = parsePath(path)
  const schema = schemaAt(steps)
  const description = descriptionAt(steps) ?? ''
  if (isSecretSchemaPath(steps)) return { kind: 'secret', choices: [], description }
  if (schema instanceof z.ZodEnum) return { kind: 'choice', choices: schema.options.map(String), description }
  if (schema instanceof z.ZodBoolean) return { kind: 'flag', choices: [], description }
  if (schema instanceof z.ZodNumber) return { kind: 'number', choices: [], description }
  if (schema instanceof z.ZodArray) return { kind: 'list', choices: [], description }
  return { kind: 'text', choices: [], description }
}
