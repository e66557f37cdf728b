import * as z from 'zod'
import { formatPath, isTree, type Path } from './path.ts'
import { configSchema, type SecretKind, secretRegistry } from './schema.ts'

type Schema = z.core.$ZodType

/** The schema of the value at a path, or undefined where the schema has no such key. */
export function schemaAt(path: Path, root: Schema = configSchema): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, step) => schema && childOf(schema, step), unwrap(root))
}

/** The keys that a section knows; none for a table of free names. */
export function keysAt(path: Path): readonly string[] {
  const schema = schemaAt(path)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** Whether a path is that of a section (known keys), of a table (free names), of one value, or of nothing. */
export function shapeAt(path: Path): 'section' | 'table' | 'value' | undefined {
  const schema = schemaAt(path)
  if (schema instanceof z.ZodObject) return 'section'
  if (schema instanceof z.ZodRecord) return 'table'
  return schema === undefined ? undefined : 'value'
}

/** What the value at a path is for, one sentence; of an item of a list or a table, what the whole is for. */
export function descriptionAt(path: Path): string | undefined {
  const schema = schemaAt(path)
  const description = schema instanceof z.ZodType ? schema.description : undefined
  return description ?? (path.length === 0 ? undefined : descriptionAt(path.slice(0, -1)))
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema instanceof z.ZodArray ? unwrap(schema.element) : undefined
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType)
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, step)) return undefined
  const child: Schema = schema.shape[step]
  return unwrap(child)
}

function unwrap(schema: Schema): Schema {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}

/** True when the value at the path is secret by the schema: also in tables and below `environments`. */
export function isSecretSchemaPath(path: Path): boolean {
  const schema = schemaAt(path)
  return schema !== undefined && secretRegistry.has(schema)
}

/** A text that is secret by the schema, and where it is. */
export interface SecretValue {
  readonly path: Path
  readonly value: string
}

/** All secret texts of a config, valid or not, in its order; also those of tables and below `environments`. */
export function secretsIn(data: unknown, path: Path = []): readonly SecretValue[] {
  if (typeof data === 'string') return isSecretSchemaPath(path) ? [{ path, value: data }] : []
  if (!isTree(data)) return []
  return Object.entries(data).flatMap(([key, value]) => secretsIn(value, [...path, key]))
}

/** A field whose value is secret: its dotted path and, when the program can make one, how. */
export interface SecretField {
  readonly path: string
  readonly generate?: SecretKind
}

function secretsBelow(schema: Schema, path: Path): readonly SecretField[] {
  const inner = unwrap(schema)
  if (secretRegistry.has(inner)) return [{ path: formatPath(path), ...secretRegistry.get(inner) }]
  if (!(inner instanceof z.ZodObject)) return []
  return Object.entries(inner.shape).flatMap(([key, child]: [string, Schema]) => secretsBelow(child, [...path, key]))
}

/**
 * The secret fields with a place of their own, read from the schema. There are more: names of `secretVariables`, the same
 * fields below `environments` (`isSecretSchemaPath`), and what a template declares among `parameters`.
 */
export const secretFields: readonly SecretField[] = secretsBelow(configSchema.omit({ environments: true }), [])
export const secretPaths: readonly string[] = secretFields.map((field) => field.path)
