import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import * as z from 'zod'
import { type ParsedConfig, parseConfig } from '../../src/core/config/index.ts'
import { type Config, configSchema } from '../../src/core/config/schema.ts'
import { DdalabError, type Problem } from '../../src/core/errors.ts'
import { errorOf } from '../support/errors.ts'

/** Seed 0's example, word for word. */
export const SEED = readFileSync(new URL('fixtures/seed.yml', import.meta.url), 'utf8')

/** All problems of an error, also of one that is a single problem. */
export function problemsOf(error: DdalabError): readonly Problem[] {
  return error.options.problems ?? [error.toData()]
}

/** The problems of a text as lines `line:column message | hint`. */
export function complaints(text: string): readonly string[] {
  return problemsOf(errorOf(() => parseConfig(text, 'config.yml'))).map(
    ({ place, message, hint }) => `${place?.line}:${place?.column} ${message} | ${hint}`,
  )
}

/** What reading gives: the config, or the error, which must be one that a user can act on. */
export function readOrRefuse(read: () => ParsedConfig): ParsedConfig | DdalabError {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof DdalabError) return thrown
    throw thrown
  }
}

/** What YAML is made of, for texts of any kind. */
export const YAML_PIECES: readonly string[] = [
  ...['  ', '\n', '\r\n', '\t', ' ', '- ', '? ', ': ', '[', ']', '{', '}', ','],
  ...['&a ', '*a', '|\n', '---\n', '...\n', 'yes', 'null', '~', '0644', 'é'],
]

/** Values of which each field of the schema takes some; so a new field is generated without being named here. */
const POOL: readonly unknown[] = [
  ...[
    'x',
    'host-1',
    '10.0.0.1',
    'ddalab',
    'Grüße, 世界',
    ' # not a comment',
    '1e3',
    'true',
    "it's",
    '"quoted"',
    'a: b',
    '- x',
  ],
  ...[
    '*alias',
    '&anchor',
    '!tag',
    '%',
    '@',
    '`',
    '|',
    '>',
    '{',
    '[',
    '0644',
    '~',
    'null',
    '1_000',
    'two\nlines',
    '\ttab',
    '$HOME',
  ],
  ...['https://example.org/path', 'ldaps://ldap.example.org', 'me@example.org', '/app/data', '512m', 'name:tag'],
  ...[
    'development',
    'staging',
    'production',
    'local',
    'ldap',
    'oauth',
    'traefik',
    'caddy',
    'nginx',
    'stable',
    'beta',
    'dev',
  ],
  // A minisign key, and one in PEM.
  ...[`RW${'A'.repeat(54)}`, '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0C\n-----END PUBLIC KEY-----\n'],
  ...[1, 2, 80, 443, 3000, 8001, 65_535, 0.5, 1e6, true, false],
]
const NAMES = fc.constantFrom(
  'a',
  'postgres',
  'NAME_1',
  'with-dash',
  'with.dot',
  'ddalab-data',
  '/host/path',
  'name with space',
)

/** Any valid config of the current version, seen by the schema alone. */
export function anyConfig(): fc.Arbitrary<Config> {
  return anyOf(configSchema).map((data) => configSchema.parse(data))
}

function anyOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) return anyOf(schema.unwrap())
  if (schema instanceof z.ZodObject) {
    const shape: { readonly [key: string]: z.core.$ZodType } = schema.shape
    const entries = Object.entries(shape).map(([key, child]): [string, fc.Arbitrary<unknown>] => [key, anyOf(child)])
    const required = Object.keys(shape).filter((key) => key === 'version')
    const model: { [key: string]: fc.Arbitrary<unknown> } = Object.fromEntries(entries)
    return fc.record(model, { requiredKeys: required, noNullPrototype: true })
  }
  if (schema instanceof z.ZodRecord) {
    const names = NAMES.filter((name) => z.safeParse(schema.keyType, name).success)
    return fc.dictionary(names, anyOf(schema.valueType), { maxKeys: 3, noNullPrototype: true })
  }
  if (schema instanceof z.ZodArray) return fc.array(anyOf(schema.element), { minLength: 1, maxLength: 3 })
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values)
  return fc.constantFrom(...POOL.filter((value) => z.safeParse(schema, value).success))
}
