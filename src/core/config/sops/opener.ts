import { DdalabError } from '../../errors.ts'
import type { YamlDocument } from '../document.ts'
import { formatPath } from '../path.ts'
import { decrypt, parseCiphertext, VALUE_TYPES } from './ciphertext.ts'
import { type Leaf, leavesOf, SECTION } from './leaves.ts'
import type { Metadata } from './metadata.ts'
import { macBytes, macBytesOfPlain, type Plaintext, type Scalar, scalarOf } from './scalar.ts'
import { type Selector, selects, UnknownPattern } from './selector.ts'

/** A value of a file that is encrypted, opened. */
export interface SealedValue {
  readonly leaf: Leaf
  /** `ENC[...]` as it stands in the file. */
  readonly sealed: string
  readonly plaintext: Plaintext
  readonly value: Scalar
}

/** All values of a document, and for each whether the rule of the file selects it. Errors: SECRETS_UNSUPPORTED. */
export function selectedLeaves(
  document: YamlDocument,
  selector: Selector,
): readonly { leaf: Leaf; selected: boolean }[] {
  const isSelected = predicate(document, selector)
  return leavesOf(document).map((leaf) => ({ leaf, selected: isSelected(leaf) }))
}

function predicate({ file, locate }: YamlDocument, selector: Selector): (leaf: Leaf) => boolean {
  try {
    return selects(selector)
  } catch (thrown) {
    if (!(thrown instanceof UnknownPattern)) throw thrown
    throw new DdalabError(
      'SECRETS_UNSUPPORTED',
      `${selector.rule} in ${file} is an expression that ddalab does not know`,
      {
        hint: 'Write it without classes of names, look-around and other rare constructs.',
        place: locate([SECTION, selector.rule]),
      },
    )
  }
}

/**
 * Decrypts the values of a document. Errors: SECRETS_MALFORMED (not what SOPS writes), SECRETS_UNSUPPORTED (a type),
 * SECRETS_TAMPERED (changed, or from another place); none shows a value.
 */
export function opener(document: YamlDocument, dataKey: Uint8Array): (leaf: Leaf) => SealedValue {
  return (leaf) => {
    const name = formatPath(leaf.path)
    const place = document.locate(leaf.path)
    const sealed = String(leaf.value)
    const ciphertext = parseCiphertext(sealed)
    if (ciphertext === undefined) {
      const hint = 'Take the value back from a backup, or set it anew.'
      throw new DdalabError('SECRETS_MALFORMED', `The encrypted value of ${name} is damaged`, { hint, place })
    }
    const bytes = decrypt(ciphertext, dataKey, leaf.place)
    if (bytes === undefined) throw changed(document, dataKey, leaf)
    const type = VALUE_TYPES.find((known) => known === ciphertext.type && known !== 'comment')
    if (type === undefined) {
      const hint = 'Types that are read: str, int, float, bool, bytes, time.'
      throw new DdalabError('SECRETS_UNSUPPORTED', `${name} is encrypted as a type that is not known`, { hint, place })
    }
    const plaintext = { type, bytes }
    const value = scalarOf(plaintext)
    if (value === undefined) {
      const hint = 'Set it anew.'
      throw new DdalabError('SECRETS_MALFORMED', `The encrypted value of ${name} is not of its type`, { hint, place })
    }
    return { leaf, sealed, plaintext, value }
  }
}

/** Says also when the value is that of another setting: keys are authenticated with each value. */
function changed(document: YamlDocument, dataKey: Uint8Array, { path, value }: Leaf): DdalabError {
  const ciphertext = parseCiphertext(String(value))
  const origin = leavesOf(document).find(
    (other) => ciphertext !== undefined && decrypt(ciphertext, dataKey, other.place) !== undefined,
  )
  const name = formatPath(path)
  const what =
    origin === undefined
      ? `The encrypted value of ${name} has been changed`
      : `The encrypted value of ${name} belongs to ${formatPath(origin.path)}: values were swapped or copied`
  return new DdalabError('SECRETS_TAMPERED', what, {
    hint: 'Take the file back from a backup. To change a secret, set it with ddalab or with sops.',
    place: document.locate(path),
  })
}

/** What goes into the MAC, in the order of the document. */
export function* macInput(
  leaves: readonly { leaf: Leaf }[],
  opened: ReadonlyMap<Leaf, Plaintext>,
  { macOnlyEncrypted }: Pick<Metadata, 'macOnlyEncrypted'>,
): Iterable<Uint8Array> {
  for (const { leaf } of leaves) {
    const plaintext = opened.get(leaf)
    if (plaintext !== undefined) yield macBytes(plaintext)
    // Plain text in a selected place was written after the MAC; sops itself would not open such a file.
    else if (!macOnlyEncrypted) yield macBytesOfPlain(leaf.value, leaf.written)
  }
}
