import { join } from 'node:path'
import { buildExecutable, hostTarget } from '../../scripts/executable/index.ts'
import { aFolder } from '../cli/temporary.ts'

export const VERSION = '9.8.7'

/** The executable that is tested: DDALAB_BIN, else one that is built now for this machine. */
export async function builtExecutable(): Promise<string> {
  const { DDALAB_BIN } = process.env
  if (DDALAB_BIN !== undefined) return DDALAB_BIN
  const target = hostTarget()
  if (target === undefined) throw new Error('no executable is made for this machine')
  const { file } = await buildExecutable({ target, version: VERSION, outFile: join(aFolder(), 'ddalab') })
  return file
}
