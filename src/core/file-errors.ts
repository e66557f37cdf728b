import { DdalabError, systemCode } from './errors.ts'

/** Whether the error says that there is no such file. */
export function isMissing(thrown: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')
}

/** A system error met while writing, as one of ours: DISK_FULL or FILE_NOT_WRITABLE. */
export function writeError(thrown: unknown, path: string): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  const code = systemCode(thrown)
  const notWritable = (message: string, hint: string) =>
    new DdalabError('FILE_NOT_WRITABLE', `${path}: ${message}`, { hint, cause: thrown })
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DdalabError('DISK_FULL', `${path}: no space left to write it`, {
        hint: 'Free some space on that file system (or raise the quota), then run the command again.',
        cause: thrown,
      })
    case 'EACCES':
    case 'EPERM':
      return notWritable('no permission to write it', 'Run as its owner, or change the permissions of its directory.')
    case 'EROFS':
      return notWritable('it is on a read-only file system', 'Mount it writable, or choose another directory.')
    case 'EBUSY':
      return notWritable(
        'it cannot be replaced, because it is mounted on its own or in use',
        'In a container, mount the directory of the file instead of the file.',
      )
    case 'ENOENT':
    case 'ENOTDIR':
      return notWritable('its directory does not exist', 'Create the directory, or check the path.')
    default:
      return notWritable(`it cannot be written (${code ?? String(thrown)})`, 'Check the path and the disk.')
  }
}

/** A system error met while reading, as FILE_NOT_READABLE. */
export function readError(thrown: unknown, path: string): DdalabError {
  const denied = ['EACCES', 'EPERM'].includes(systemCode(thrown) ?? '')
  const why = denied ? 'no permission to read it' : `it cannot be read (${systemCode(thrown) ?? String(thrown)})`
  const hint = denied ? 'Run as its owner, or change its permissions.' : 'Check the path and the disk.'
  return new DdalabError('FILE_NOT_READABLE', `${path}: ${why}`, { hint, cause: thrown })
}
