import { isDeepStrictEqual } from 'node:util'
import { isTree } from '../path.ts'
import { isEncrypted } from '../sops/ciphertext.ts'
import type { Side } from './side.ts'

/** What has become of the encryption as a whole: the section `sops` in words. Recipients are public keys. */
export interface EncryptionChange {
  /** `anew`: with another key, so that it cannot be seen from outside which secrets are other ones now. */
  readonly encrypted: 'now' | 'no longer' | 'anew' | null
  readonly recipientsAdded: readonly string[]
  readonly recipientsRemoved: readonly string[]
}

/** The difference of the sections `sops`, null where there is none that matters to anybody. */
export function encryptionChange(before: Side, after: Side): EncryptionChange | null {
  const former = keysOf(before.sops)
  const latter = keysOf(after.sops)
  const encrypted =
    former === undefined || latter === undefined
      ? former === latter
        ? null
        : latter === undefined
          ? 'no longer'
          : 'now'
      : isAnew(before, after)
        ? 'anew'
        : null
  const known = (keys: readonly Key[] | undefined) => new Set((keys ?? []).map(({ recipient }) => recipient))
  const recipientsAdded = [...known(latter).difference(known(former))]
  const recipientsRemoved = [...known(former).difference(known(latter))]
  const nothing = encrypted === null && recipientsAdded.length === 0 && recipientsRemoved.length === 0
  return nothing ? null : { encrypted, recipientsAdded, recipientsRemoved }
}

/** A new data key leaves no encrypted value, and no wrapped key, as it was. */
function isAnew(before: Side, after: Side): boolean {
  if (isDeepStrictEqual(keysOf(before.sops), keysOf(after.sops))) return false
  const both = [...before.secrets].flatMap(([key, { value }]) => {
    const other = after.secrets.get(key)?.value
    return isEncrypted(value) && isEncrypted(other) ? [value === other] : []
  })
  return both.length > 0 && !both.includes(true)
}

interface Key {
  readonly recipient: string
  readonly enc: unknown
}

/** The wrapped keys of a section, undefined when there is no section. */
function keysOf(sops: unknown): readonly Key[] | undefined {
  if (!isTree(sops)) return undefined
  const groups = Array.isArray(sops.key_groups) ? sops.key_groups : []
  return [sops, ...groups].flatMap((group: unknown) => {
    const keys = isTree(group) && Array.isArray(group.age) ? group.age : []
    return keys.flatMap((key: unknown) =>
      isTree(key) && typeof key.recipient === 'string' ? [{ recipient: key.recipient, enc: key.enc }] : [],
    )
  })
}
