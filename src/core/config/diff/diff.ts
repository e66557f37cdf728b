import { isDeepStrictEqual } from 'node:util'
import { structuredPatch } from 'diff'
import { compareData } from '../compare.ts'
import { formatPath, type Path } from '../path.ts'
import { isEncrypted } from '../sops/ciphertext.ts'
import { type EncryptionChange, encryptionChange } from './encryption.ts'
import { maskText, onlyKnownLines, secretTexts } from './mask.ts'
import { type IsSecret, keyOf, readSide, type Side } from './side.ts'

/** A text of a config and what people call it. */
export interface ConfigText {
  /** A path, or `#7`. */
  readonly name: string
  readonly text: string
}

export interface DiffLine {
  /** `hunk` says where the lines below it are; `note` is about the line above it. */
  readonly kind: 'hunk' | 'context' | 'added' | 'removed' | 'note'
  readonly text: string
}

/** A setting that is not the same. Values of secrets are left out, and those of lists that hold one. */
export interface SettingChange {
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly secret: boolean
  readonly from?: unknown
  readonly to?: unknown
}

export interface ConfigDiff {
  readonly before: string
  readonly after: string
  /** The texts are the same, byte for byte. */
  readonly same: boolean
  /** Unified, three lines of context, secrets masked, without the section `sops`. */
  readonly lines: readonly DiffLine[]
  readonly changes: readonly SettingChange[]
  readonly encryption: EncryptionChange | null
  readonly lineEnds: { readonly from: LineEnds; readonly to: LineEnds } | null
  /** Names of the texts that cannot be read: only those of their lines are shown that the other one has; no changes are told. */
  readonly unreadable: readonly string[]
}

type LineEnds = 'LF' | 'CRLF'

/** Beyond so many changed lines the texts are told as wholly different: the search would take too long. */
const MOST_EDITS = 4000

/** The difference of two configs. No value that is encrypted, or secret by `isSecret`, is in the answer. Pure. */
export function diffConfigs(before: ConfigText, after: ConfigText, isSecret: IsSecret): ConfigDiff {
  const former = readSide(before.text, before.name, isSecret)
  const latter = readSide(after.text, after.name, isSecret)
  const unreadable = [former, latter].flatMap(({ name, document }) => (document === undefined ? [name] : []))
  const both = unreadable.length === 0
  const encryption = both ? encryptionChange(former, latter) : null
  const anew = encryption?.encrypted === 'anew'
  const lineEnds = { from: lineEndsOf(before.text), to: lineEndsOf(after.text) }
  return {
    before: before.name,
    after: after.name,
    same: before.text === after.text,
    lines: linesOf(former, latter, anew),
    changes: both ? changesOf(former, latter, anew) : [],
    encryption,
    lineEnds: lineEnds.from === lineEnds.to ? null : lineEnds,
    unreadable,
  }
}

function linesOf(before: Side, after: Side, anew: boolean): readonly DiffLine[] {
  const values = secretTexts(before, after)
  const old = maskText(before, () => '(secret)', values)
  const next = maskText(after, (path) => placeholder(path, before, after, anew), values)
  const left = old ?? onlyKnownLines(before.text, next ?? '')
  const right = next ?? onlyKnownLines(after.text, old ?? '')
  const patch = structuredPatch('', '', left, right, '', '', { context: 3, maxEditLength: MOST_EDITS })
  if (patch === undefined) return [...wholly('removed', left), ...wholly('added', right)]
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    { kind: 'hunk' as const, text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@` },
    ...lines.map((line): DiffLine => ({ kind: KINDS[line.charAt(0)] ?? 'note', text: line.slice(1) })),
  ])
}

const KINDS: { readonly [sign: string]: DiffLine['kind'] } = { '+': 'added', '-': 'removed', ' ': 'context' }

const wholly = (kind: DiffLine['kind'], text: string): readonly DiffLine[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ kind, text: line }))

/** What a secret shows of itself on the side of `after`. */
function placeholder(path: Path, before: Side, after: Side, anew: boolean): string {
  const key = keyOf(path)
  const former = before.secrets.get(key)
  const latter = after.secrets.get(key)
  if (former === undefined || latter === undefined || isDeepStrictEqual(former.value, latter.value)) return '(secret)'
  if (isEncrypted(former.value) && isEncrypted(latter.value)) return anew ? '(secret)' : '(secret, changed)'
  if (isEncrypted(latter.value)) return '(secret, now encrypted)'
  return isEncrypted(former.value) ? '(secret, no longer encrypted)' : '(secret, changed)'
}

function changesOf(before: Side, after: Side, anew: boolean): readonly SettingChange[] {
  const values = secretTexts(before, after)
  const secretPaths = [...before.secrets.values(), ...after.secrets.values()].map(({ path }) => path)
  const holdsSecret = (path: Path, value: unknown) =>
    secretPaths.some((secret) => path.every((step, index) => secret[index] === step)) ||
    values.some((text) => JSON.stringify(value)?.includes(JSON.stringify(text).slice(1, -1)))
  return compareData(before.data, after.data).flatMap(({ path, kind, from, to }): SettingChange[] => {
    if (anew && isEncrypted(from) && isEncrypted(to)) return []
    const secret = holdsSecret(path, from) || holdsSecret(path, to)
    const shown = secret ? {} : { ...(kind !== 'added' && { from }), ...(kind !== 'removed' && { to }) }
    return [{ path: formatPath(path), kind, secret, ...shown }]
  })
}

function lineEndsOf(text: string): LineEnds {
  return text.includes('\r\n') ? 'CRLF' : 'LF'
}
