import type { InstancePaths } from '../../instance/index.ts'
import type { Release } from '../../release/index.ts'
import type { UpdateCheck } from '../update-check.ts'
import { readLastCheck } from './last-check.ts'

/** An update that a check has found. */
export interface UpdateNotice {
  readonly version: string
  readonly mandatory: boolean
  /** ISO 8601. */
  readonly checkedAt: string
}

/** The update that a check has found and nobody has installed since; null for none. Asks nobody: it reads one file. */
export async function noticeOf(paths: InstancePaths, releases: readonly Release[]): Promise<UpdateNotice | null> {
  const last: UpdateCheck | undefined = await readLastCheck(paths)
  if (last === undefined || last.offer === null) return null
  const running = Object.values(releases.at(-1)?.images ?? {}).map(({ digest }) => digest?.split('@')[1])
  if (Object.values(last.offer.images).every(({ digest }) => running.includes(digest))) return null
  const { version, mandatory } = last.offer
  return { version, mandatory, checkedAt: last.checkedAt }
}
