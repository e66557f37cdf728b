import { DdalabError } from '../../errors.ts'
import { type Edit, editText } from '../edit/index.ts'
import type { RandomBytes } from '../secrets.ts'
import { decrypt, encrypt, isEncrypted, parseCiphertext } from './ciphertext.ts'
import { wrapDataKey } from './data-key.ts'
import { containerPlaces, SECTION } from './leaves.ts'
import { macOver } from './mac.ts'
import { readMetadata } from './metadata.ts'
import { macInput, opener, selectedLeaves } from './opener.ts'
import { macAs, readable } from './seal.ts'
import type { Unsealed } from './unseal.ts'

export interface RotateOptions {
  /** For whom it is sealed from now on; who is left out can no longer open what is written later. */
  readonly recipients: readonly string[]
  readonly now: Date
  readonly randomBytes: RandomBytes
}

/**
 * The sealed text with a new data key, for these recipients: every value, comment and the MAC encrypted anew.
 * Errors: SECRETS_UNSUPPORTED when it is also for keys that are not age's (they would lose it), CONFIG_UNREADABLE, SECRETS_*.
 */
export async function rotate(text: string, file: string, former: Unsealed, options: RotateOptions): Promise<string> {
  const { recipients, randomBytes } = options
  const dataKey = randomBytes(32)
  const changed = rotateComments(text, readable(text, file).data, former.dataKey, dataKey, randomBytes)
  const document = readable(changed, file)
  const metadata = readMetadata(document)
  if (metadata.otherKeys.length > 0) {
    throw new DdalabError(
      'SECRETS_UNSUPPORTED',
      `${file} is also sealed with ${metadata.otherKeys.join(', ')}, which would lose it`,
      {
        hint: `Rotate it with sops (sops rotate --in-place ${file}), or remove those keys from the section sops first.`,
        place: document.locate([SECTION, metadata.otherKeys[0] ?? ''], 'key'),
      },
    )
  }
  const leaves = selectedLeaves(document, metadata.selector)
  const open = opener(document, former.dataKey)
  const values = leaves
    .filter(({ leaf, selected }) => selected && isEncrypted(leaf.value))
    .map(({ leaf }) => open(leaf))
  const edits: readonly Edit[] = values.map(({ leaf, plaintext: { bytes, type } }) => ({
    path: leaf.path,
    value: encrypt(bytes, type, dataKey, leaf.place, randomBytes),
  }))
  const opened = new Map(values.map(({ leaf, plaintext }) => [leaf, plaintext]))
  const mac = macOver(macInput(leaves, opened, metadata), metadata.macOnlyEncrypted)
  const keys: Edit = { path: metadata.keysPath, value: await wrapDataKey(dataKey, recipients) }
  return editText(changed, [...edits, keys, ...macAs(mac, dataKey, options)], file)
}

const COMMENT = /#(ENC\[AES256_GCM,[^\]\n]*,type:comment\])/g

/** Comments have no path that edits could name; they are encrypted for the section they stand in. */
function rotateComments(
  text: string,
  data: unknown,
  formerKey: Uint8Array,
  dataKey: Uint8Array,
  randomBytes: RandomBytes,
): string {
  const places = containerPlaces(data)
  return text.replace(COMMENT, (comment, sealed: string) => {
    const ciphertext = parseCiphertext(sealed)
    if (ciphertext === undefined) return comment
    const found = places
      .map((place) => ({ place, plaintext: decrypt(ciphertext, formerKey, place) }))
      .find(({ plaintext }) => plaintext !== undefined)
    if (found?.plaintext === undefined) return comment
    return `#${encrypt(found.plaintext, 'comment', dataKey, found.place, randomBytes)}`
  })
}
