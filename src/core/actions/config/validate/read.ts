import {
  type Edit,
  type Examined,
  editText,
  examineDocument,
  identityStore,
  isSealed,
  parseDocument,
  readConfigText,
  setPath,
  unseal,
} from '../../../config/index.ts'
import { DdalabError, type ErrorCode } from '../../../errors.ts'
import type { World } from '../../world.ts'
import type { NotChecked } from './judge.ts'
import { type Found, foundIn, type OtherRule } from './rules.ts'

/** A config file as far as it can be understood. */
export interface Reading {
  /** What is written there, secrets as they stand in the file. */
  readonly file?: Examined
  /** The same with its secrets opened where an identity opens them. */
  readonly seen?: Examined
  /** Why it is no text, no YAML, or cannot be opened. */
  readonly findings: readonly Found[]
  readonly notChecked: readonly NotChecked[]
}

/**
 * Reads a config without refusing it; with `edits`, as it would be with them (of settings as a whole, by their keys). Errors:
 * CONFIG_NOT_FOUND, CONFIG_UNEDITABLE.
 */
export async function readForValidation(world: World, path: string, edits: readonly Edit[] = []): Promise<Reading> {
  try {
    const text = await readConfigText(path)
    const present = parseDocument(text, path)
    const document = edits.length === 0 ? present : parseDocument(editText(text, edits, path), path)
    const changed = examineDocument(document)
    // A secret among the edits is encrypted when it is written: it is not one that stands in the file.
    const file = edits.length === 0 ? changed : examineDocument(present)
    if (document.problems.length > 0 || !isSealed(document.data)) {
      return { file, seen: changed, findings: [], notChecked: [] }
    }
    try {
      const identities = await identityStore(world.environment).load()
      // What is sealed is the text without the edits.
      const unsealed = await unseal(present, identities)
      const data = edits.reduce<unknown>((tree, edit) => setPath(tree, edit.path, edit.value), unsealed.data)
      return { file, seen: examineDocument({ ...document, data }), findings: [], notChecked: [] }
    } catch (thrown) {
      return { file, seen: changed, ...unopened(thrown) }
    }
  } catch (thrown) {
    const error = known(thrown)
    return { findings: foundIn(error, REFUSED_AS[error.code] ?? 'not-yaml'), notChecked: [] }
  }
}

const REFUSED_AS: { readonly [Code in ErrorCode]?: OtherRule } = {
  CONFIG_UNREADABLE: 'not-yaml',
  CONFIG_TOO_NEW: 'version-too-new',
}

/** A bug of ours is no finding, and neither is a file that is not there. */
function known(thrown: unknown): DdalabError {
  if (thrown instanceof DdalabError && REFUSED_AS[thrown.code] !== undefined) return thrown
  throw thrown
}

/** Without an identity the rest is checked all the same: CI has none. A file that an identity does not open is damaged. */
function unopened(thrown: unknown): Pick<Reading, 'findings' | 'notChecked'> {
  if (!(thrown instanceof DdalabError)) throw thrown
  const notChecked: readonly NotChecked[] = [{ what: 'strength of secrets', why: thrown.message }]
  switch (thrown.code) {
    case 'IDENTITY_MISSING':
      return { findings: [], notChecked }
    case 'IDENTITY_INVALID':
    case 'IDENTITY_UNSAFE':
    case 'FILE_NOT_READABLE':
      return { findings: foundIn(thrown, 'identity-unusable'), notChecked }
    default:
      return { findings: foundIn(thrown, 'secrets-unreadable'), notChecked }
  }
}
