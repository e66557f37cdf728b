/** The program, replaced by a newer one of itself. Loads zod, semver and tar-stream: imported when it is needed. */
export type { Installed } from './installed.ts'
export {
  archiveFile,
  type Platform,
  platformName,
  platformOf,
  platformOfProgram,
  programFile,
} from './platform.ts'
export { askVersion, type Probe } from './probe.ts'
export { PUBLISHER } from './publisher.ts'
export { fetchFile, type ReleasePlace } from './releases.ts'
export {
  checkProgram,
  type ProgramChange,
  type ProgramCheck,
  rollbackProgram,
  type UpdateRequest,
  updateProgram,
} from './self-update.ts'
export { swapPaths } from './swap.ts'
