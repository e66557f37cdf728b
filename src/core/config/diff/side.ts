import { DdalabError } from '../../errors.ts'
import { parseDocument, type YamlDocument } from '../document.ts'
import { isTree, type Path } from '../path.ts'
import { isEncrypted } from '../sops/ciphertext.ts'

export type IsSecret = (path: Path) => boolean

/** A value that nobody is to see. */
export interface Secret {
  readonly path: Path
  readonly value: unknown
}

/** One text of the two, as far as it can be read. */
export interface Side {
  readonly name: string
  readonly text: string
  /** Absent when the text is not the YAML that we read: then nobody knows where its secrets are. */
  readonly document?: YamlDocument
  /** Without the section `sops`. */
  readonly data: unknown
  readonly sops: unknown
  /** By `keyOf` their path. */
  readonly secrets: ReadonlyMap<string, Secret>
}

export const keyOf = (path: Path): string => JSON.stringify(path)

/** Reads one text. Line ends are made one kind: whether they changed is told apart from the lines. */
export function readSide(source: string, name: string, isSecret: IsSecret): Side {
  const text = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const document = readable(text, name)
  if (document === undefined) return { name, text, data: undefined, sops: undefined, secrets: new Map() }
  const { sops, ...data } = isTree(document.data) ? document.data : {}
  const secrets = new Map<string, Secret>()
  collect(data, [], false, isSecret, (secret) => secrets.set(keyOf(secret.path), secret))
  return { name, text, document, data, sops, secrets }
}

function readable(text: string, name: string): YamlDocument | undefined {
  try {
    const document = parseDocument(text, name)
    return document.problems.length === 0 ? document : undefined
  } catch (thrown) {
    if (thrown instanceof DdalabError) return undefined
    throw thrown
  }
}

/** Every value that is secret, stands below a secret path, or is encrypted. */
function collect(
  value: unknown,
  path: Path,
  inherited: boolean,
  isSecret: IsSecret,
  found: (secret: Secret) => void,
): void {
  const secret = inherited || (path.length > 0 && isSecret(path))
  const children = childrenOf(value)
  for (const [step, child] of children) collect(child, [...path, step], secret, isSecret, found)
  const isNothing = value === null || value === ''
  if (children.length === 0 && !isNothing && (secret || isEncrypted(value))) found({ path, value })
}

function childrenOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item] as const)
  return isTree(value) ? Object.entries(value) : []
}
