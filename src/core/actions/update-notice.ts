import { releaseStore } from '../release/store.ts'
import { locateInstance } from './open.ts'
import { readLastCheck } from './update/last-check.ts'
import { noticeOf, type UpdateNotice } from './update/notice.ts'
import type { Target, World } from './world.ts'

export type { UpdateNotice } from './update/notice.ts'

/** The update that a check has found and nobody has installed since; null for none. Asks nobody: it reads two files. */
export async function updateNotice(world: World, target: Target): Promise<UpdateNotice | null> {
  const { paths } = locateInstance(world, target)
  const [last, releases] = await Promise.all([readLastCheck(paths), releaseStore(paths.releases).kept()])
  return noticeOf(last, releases)
}
