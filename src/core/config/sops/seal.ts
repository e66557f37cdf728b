import { DdalabError, problemsError } from '../../errors.ts'
import { parseDocument, type YamlDocument } from '../document.ts'
import { type Edit, editText } from '../edit/index.ts'
import { formatPath, type Path } from '../path.ts'
import { secretFields } from '../schema-walk.ts'
import type { RandomBytes } from '../secrets.ts'
import { decrypt, encrypt, isEncrypted, parseCiphertext } from './ciphertext.ts'
import { wrapDataKey } from './data-key.ts'
import { type Leaf, SECTION } from './leaves.ts'
import { macOver } from './mac.ts'
import { isSealed, type Metadata, readMetadata } from './metadata.ts'
import { macInput, opener, selectedLeaves } from './opener.ts'
import { type Plaintext, plaintextOf } from './scalar.ts'
import { extended, type Selector, selectorOf } from './selector.ts'
import { storedMac, type Unsealed } from './unseal.ts'

export interface SealOptions {
  /** What the file was before the text was changed; needed when the text is sealed already. */
  readonly former?: Unsealed
  readonly isSecret: (path: Path) => boolean
  /** For whom a text is sealed that is not yet; asked only when there is something to seal. */
  readonly recipients: () => Promise<readonly string[]>
  readonly now: Date
  readonly randomBytes: RandomBytes
}

/** The version of SOPS whose format we write: the first with `mac_only_encrypted`. */
const FORMAT_VERSION = '3.9.0'

/**
 * The text with every secret in it encrypted: what `isSecret` says, and what the rule of the file selects. What did not
 * change keeps its bytes; the MAC is renewed when something that it covers changed. A text without secrets stays as it is.
 *
 * A rule that does not select one of our secrets is widened, so that sops too knows it as encrypted.
 * Errors: CONFIG_UNREADABLE, SECRETS_*.
 */
export async function seal(text: string, file: string, options: SealOptions): Promise<string> {
  const document = readable(text, file)
  if (!isSealed(document.data)) return sealNew(document, text, options)
  const { former } = options
  if (former === undefined) throw new DdalabError('UNEXPECTED', `${file} was to be sealed without having been opened`)

  const metadata = readMetadata(document)
  const selector = covering(document, metadata.selector, options.isSecret)
  const { edits, mac } = sealValues(document, { ...metadata, selector }, former.dataKey, options)
  const isNewRule = selector.rule !== metadata.selector.rule || selector.pattern !== metadata.selector.pattern
  const ruleEdits: readonly Edit[] = isNewRule
    ? [
        ...(selector.rule === metadata.selector.rule
          ? []
          : [{ path: [SECTION, metadata.selector.rule], value: undefined }]),
        { path: [SECTION, selector.rule], value: selector.pattern },
      ]
    : []
  const macEdits = storedMac(metadata, former.dataKey) === mac ? [] : macAs(mac, former.dataKey, options)
  return editText(text, [...edits, ...ruleEdits, ...macEdits], file)
}

async function sealNew(document: YamlDocument, text: string, options: SealOptions): Promise<string> {
  const fields = secretFields.map(({ path }) => path.split('.').at(-1) ?? path)
  const selector = covering(document, selectorOf([...new Set([...fields, 'secretVariables'])]), options.isSecret)
  const dataKey = options.randomBytes(32)
  const { edits, mac } = sealValues(document, { selector, macOnlyEncrypted: true }, dataKey, options)
  if (edits.length === 0) return text
  const section = {
    age: await wrapDataKey(dataKey, await options.recipients()),
    ...Object.fromEntries(macAs(mac, dataKey, options).map(({ path, value }) => [path.at(-1), value])),
    [selector.rule]: selector.pattern,
    mac_only_encrypted: true,
    version: FORMAT_VERSION,
  }
  return editText(text, [...edits, { path: [SECTION], value: section }], document.file)
}

/** A text that can be edited. Errors: CONFIG_UNREADABLE. */
export function readable(text: string, file: string): YamlDocument {
  const document = parseDocument(text, file)
  const [first, ...rest] = document.problems
  if (first !== undefined) throw problemsError([first, ...rest], `${file} is not YAML`)
  return document
}

/** The rule, widened where it leaves out a secret. Error: SECRETS_UNSUPPORTED when it says that a secret stays in plain text. */
function covering(document: YamlDocument, selector: Selector, isSecret: SealOptions['isSecret']): Selector {
  const left = selectedLeaves(document, selector)
    .filter(({ leaf, selected }) => !selected && isSecret(leaf.path) && leaf.value !== '')
    .map(({ leaf }) => leaf)
  const [first] = left
  if (first === undefined) return selector
  const wider = extended(selector, [...new Set(left.map(lastKey))])
  if (wider !== undefined) return wider
  throw new DdalabError(
    'SECRETS_UNSUPPORTED',
    `${selector.rule} in ${document.file} says that ${formatPath(first.path)} stays in plain text, and it is a secret`,
    { hint: 'Change the rule in the section sops, or the name.', place: document.locate([SECTION, selector.rule]) },
  )
}

function lastKey({ path }: Leaf): string {
  return String(path.findLast((step) => typeof step === 'string'))
}

interface SealedValues {
  readonly edits: readonly Edit[]
  readonly mac: string
}

function sealValues(
  document: YamlDocument,
  metadata: Pick<Metadata, 'selector' | 'macOnlyEncrypted'>,
  dataKey: Uint8Array,
  { former, randomBytes }: Pick<SealOptions, 'former' | 'randomBytes'>,
): SealedValues {
  const open = opener(document, dataKey)
  const known = new Map(former?.values.map((value) => [identityOf(value.leaf.place, value.plaintext), value.sealed]))
  const moved = new Map(former?.values.map((value) => [value.sealed, value]))
  const leaves = selectedLeaves(document, metadata.selector)
  const opened = new Map<Leaf, Plaintext>()
  const edits: Edit[] = []
  for (const { leaf, selected } of leaves) {
    if (!selected || leaf.value === '') continue
    const isSealedHere = isEncrypted(leaf.value)
    // A migration or a person may have moved it here: then it is known from its former place.
    const origin = isSealedHere && !fits(leaf, dataKey) ? moved.get(String(leaf.value)) : undefined
    const plaintext = isSealedHere ? (origin ?? open(leaf)).plaintext : plaintextOf(leaf.value)
    opened.set(leaf, plaintext)
    if (isSealedHere && origin === undefined) continue
    const value =
      known.get(identityOf(leaf.place, plaintext)) ??
      encrypt(plaintext.bytes, plaintext.type, dataKey, leaf.place, randomBytes)
    edits.push({ path: leaf.path, value })
  }
  return { edits, mac: macOver(macInput(leaves, opened, metadata), metadata.macOnlyEncrypted) }
}

function fits({ value, place }: Leaf, dataKey: Uint8Array): boolean {
  const ciphertext = parseCiphertext(String(value))
  return ciphertext !== undefined && decrypt(ciphertext, dataKey, place) !== undefined
}

function identityOf(place: string, { type, bytes }: Plaintext): string {
  return [place, type, bytes.toString('base64')].join('\0')
}

/** The edits that renew the MAC. */
export function macAs(
  mac: string,
  dataKey: Uint8Array,
  { now, randomBytes }: Pick<SealOptions, 'now' | 'randomBytes'>,
): readonly Edit[] {
  const lastModified = now.toISOString().replace(/\.\d+Z$/, 'Z')
  return [
    { path: [SECTION, 'lastmodified'], value: lastModified },
    { path: [SECTION, 'mac'], value: encrypt(Buffer.from(mac), 'str', dataKey, lastModified, randomBytes) },
  ]
}
