import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readFileIfExists, writeError, writeFileAtomic } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import type { UpdateCheck } from '../update-check.ts'

const fileOf = ({ directory }: InstancePaths) => join(directory, 'updates', 'last-check.json')

/** The last check, as it was answered; undefined when there was none, or none that can be read. */
export async function readLastCheck(paths: InstancePaths): Promise<UpdateCheck | undefined> {
  const text = await readFileIfExists(fileOf(paths)).catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const check: UpdateCheck = JSON.parse(text)
    return typeof check?.checkedAt === 'string' && typeof check.current === 'object' ? check : undefined
  } catch {
    return undefined
  }
}

/** Mode 0600, as all of the instance. Errors: DISK_FULL, FILE_NOT_WRITABLE. */
export async function writeLastCheck(paths: InstancePaths, check: UpdateCheck): Promise<void> {
  const file = fileOf(paths)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch((thrown) => {
    throw writeError(thrown, dirname(file))
  })
  await writeFileAtomic(file, `${JSON.stringify(check, null, 2)}\n`, { mode: 0o600 })
}

/** Whether a check is due: never made, so many hours ago, or in what is now the future. Pure. */
export function isDue(last: Pick<UpdateCheck, 'checkedAt'> | undefined, hours: number, now: Date): boolean {
  if (last === undefined) return true
  const since = now.getTime() - Date.parse(last.checkedAt)
  return !(since >= 0 && since < hours * 3_600_000)
}
