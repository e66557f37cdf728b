import { basename } from 'node:path'

/** The name that Compose gives a project after its directory: small letters, digits, `-` and `_`, the first one no sign. */
export function projectNameOf(directory: string): string {
  return basename(directory)
    .toLowerCase()
    .replace(/[^-_a-z0-9]+/g, '')
    .replace(/^[-_]+/, '')
}
