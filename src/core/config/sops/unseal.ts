import { DdalabError } from '../../errors.ts'
import type { YamlDocument } from '../document.ts'
import { formatPath } from '../path.ts'
import { pathKey } from '../tree.ts'
import { decrypt, isEncrypted, parseCiphertext } from './ciphertext.ts'
import { openDataKey } from './data-key.ts'
import type { Identities } from './identities.ts'
import { type Leaf, replaceLeaves, SECTION } from './leaves.ts'
import { macOver } from './mac.ts'
import { type Metadata, readMetadata } from './metadata.ts'
import { macInput, opener, type SealedValue, selectedLeaves } from './opener.ts'

/** A file that was opened: its data, and what is needed to seal it again. */
export interface Unsealed {
  /** Without the section `sops`. */
  readonly data: unknown
  /** The encrypted values, in the order of the file. */
  readonly values: readonly SealedValue[]
  /** For whom it is sealed, as far as age goes. */
  readonly recipients: readonly string[]
  readonly dataKey: Uint8Array
}

export interface UnsealOptions {
  /** Open it although values were removed, added or replaced by hand. Each encrypted value is still checked. */
  readonly ignoreMac?: boolean
}

/**
 * Opens a sealed document. Errors: IDENTITY_MISSING, IDENTITY_INVALID, SECRETS_MALFORMED, SECRETS_UNSUPPORTED,
 * SECRETS_TAMPERED, SECRETS_MAC_MISSING, SECRETS_MAC_WRONG; none of them shows a value.
 */
export async function unseal(
  document: YamlDocument,
  identities: Identities,
  { ignoreMac = false }: UnsealOptions = {},
): Promise<Unsealed> {
  const metadata = readMetadata(document)
  const leaves = selectedLeaves(document, metadata.selector)
  const dataKey = await openDataKey(metadata, identities, document.file)
  const values = leaves
    .filter(({ leaf, selected }) => selected && isEncrypted(leaf.value))
    .map(({ leaf }) => leaf)
    .map(opener(document, dataKey))
  if (!ignoreMac) {
    const opened = new Map(values.map(({ leaf, plaintext }) => [leaf, plaintext]))
    const mac = macOver(macInput(leaves, opened, metadata), metadata.macOnlyEncrypted)
    const added = leaves.filter(({ leaf, selected }) => selected && !isEncrypted(leaf.value) && leaf.value !== '')
    checkMac(
      document,
      metadata,
      dataKey,
      mac,
      added.map(({ leaf }) => leaf),
    )
  }
  return {
    data: replaceLeaves(document.data, new Map(values.map(({ leaf, value }) => [pathKey(leaf.path), value]))),
    values,
    recipients: metadata.keys.map(({ recipient }) => recipient),
    dataKey,
  }
}

/** The MAC that a file carries; undefined when it was changed, or belongs to another time or file. */
export function storedMac({ mac, lastModified }: Metadata, dataKey: Uint8Array): string | undefined {
  const ciphertext = mac === undefined ? undefined : parseCiphertext(mac)
  return ciphertext?.type === 'str' ? decrypt(ciphertext, dataKey, lastModified)?.toString() : undefined
}

function checkMac(
  { file, locate }: YamlDocument,
  metadata: Metadata,
  dataKey: Uint8Array,
  mac: string,
  plain: readonly Leaf[],
): void {
  if (metadata.mac === undefined || metadata.mac === '') {
    throw new DdalabError('SECRETS_MAC_MISSING', `${file} lacks the MAC that shows that nobody changed its secrets`, {
      hint: 'Take the file back from a backup; sops.mac must stay in it.',
      place: locate([SECTION], 'key'),
    })
  }
  const stored = storedMac(metadata, dataKey)
  if (stored === mac) return
  const written = plain.map(({ path }) => formatPath(path)).join(', ')
  const message =
    stored === undefined
      ? `sops.mac in ${file} was changed, or sops.lastmodified was, or it belongs to another file`
      : `The secrets in ${file} are not those that were sealed: one was removed, added or replaced`
  throw new DdalabError('SECRETS_MAC_WRONG', written === '' ? message : `${message}. In plain text: ${written}`, {
    hint: 'If it was you, in an editor: ddalab config rotate-keys --accept-changes. If not, take the file back: ddalab config restore',
    place: locate([SECTION, 'mac']),
  })
}
