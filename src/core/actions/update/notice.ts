import type { Release } from '../../release/index.ts'
import type { UpdateCheck } from '../update-check.ts'

/** An update that a check has found. */
export interface UpdateNotice {
  readonly version: string
  readonly mandatory: boolean
  /** ISO 8601. */
  readonly checkedAt: string
}

/** The update that the last check has found and nobody has installed since; null for none. Pure. */
export function noticeOf(last: UpdateCheck | undefined, releases: readonly Release[]): UpdateNotice | null {
  if (last === undefined || last.offer === null) return null
  const running = Object.values(releases.at(-1)?.images ?? {}).map(({ digest }) => digest?.split('@')[1])
  if (Object.values(last.offer.images).every(({ digest }) => running.includes(digest))) return null
  const { version, mandatory } = last.offer
  return { version, mandatory, checkedAt: last.checkedAt }
}
