import { isSea } from 'node:sea'
import type { Installed } from '../../core/self-update/index.ts'

/** The program that this process runs. */
export function installedProgram(version: string): Installed {
  return {
    version,
    path: isSea() ? process.execPath : undefined,
    system: process.platform,
    arch: process.arch,
  }
}
