import { compareData } from '../compare.ts'
import { decodeConfig, parseDocument } from '../document.ts'
import { formatPath, getPath, isTree } from '../path.ts'

/** What an entry says about bytes: never a value. */
export interface Description {
  readonly version: string | null
  readonly changes: readonly string[]
}

/** The version that the new bytes state, and the paths that changed. Of bytes that are no config, as much as can be read. */
export function describe(before: Uint8Array | undefined, after: Uint8Array): Description {
  const data = dataOf(after)
  const version = getPath(data, ['version'])
  const paths = compareData(before === undefined ? undefined : dataOf(before), data).map(({ path }) =>
    // Its parts are of no interest to people: that the encryption changed is.
    formatPath(path[0] === 'sops' ? ['sops'] : path),
  )
  return { version: typeof version === 'string' ? version : null, changes: [...new Set(paths)] }
}

function dataOf(bytes: Uint8Array): unknown {
  try {
    const { data } = parseDocument(decodeConfig(bytes, ''), '')
    return isTree(data) ? data : undefined
  } catch {
    // What is no text has no settings; its bytes are kept all the same.
    return undefined
  }
}
