import { parseDocument } from './document.ts'
import { acceptConfig, examineDocument, type ParsedConfig } from './parse.ts'
import { secretsIn } from './schema-walk.ts'
import { type IdentityStore, isSealed, type Unsealed, type UnsealOptions, unseal } from './sops/index.ts'
import { readConfigText } from './store.ts'

/** A config with its secrets in plain text, in memory only. */
export interface OpenedConfig extends ParsedConfig {
  /** What is needed to seal it again; absent for a file that is not sealed. */
  readonly unsealed?: Unsealed
  /** To be hidden in everything that leaves the program: what was encrypted, and secrets that stand in plain text. */
  readonly secretValues: readonly string[]
}

/** Reads a config file and opens its secrets. Errors: those of `loadConfig`, IDENTITY_*, SECRETS_*. */
export async function openConfig(
  file: string,
  identities: Pick<IdentityStore, 'load'>,
  options: UnsealOptions = {},
): Promise<OpenedConfig> {
  return openConfigText(await readConfigText(file), file, identities, options)
}

/** The same for a text. Identities are looked for only when it is sealed. */
export async function openConfigText(
  text: string,
  file: string,
  identities: Pick<IdentityStore, 'load'>,
  options: UnsealOptions = {},
): Promise<OpenedConfig> {
  const document = parseDocument(text, file)
  if (document.problems.length > 0 || !isSealed(document.data)) return opened(acceptConfig(examineDocument(document)))
  const unsealed = await unseal(document, await identities.load(), options)
  return opened(acceptConfig(examineDocument({ ...document, data: unsealed.data })), unsealed)
}

function opened(parsed: ParsedConfig, unsealed?: Unsealed): OpenedConfig {
  const encrypted = unsealed?.values.map(({ value }) => String(value)) ?? []
  const plain = secretsIn(parsed.document.config).map(({ value }) => value)
  return {
    ...parsed,
    ...(unsealed !== undefined && { unsealed }),
    secretValues: [...new Set([...encrypted, ...plain])],
  }
}
