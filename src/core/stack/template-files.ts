import { readdir, readFile } from 'node:fs/promises'
import { isMissing } from '../file-errors.ts'

/** Where the files of templates are read from: the disk, or the inside of the executable. Paths are absolute. */
export interface TemplateFiles {
  /** Rejects where there is no such file. */
  read(path: string): Promise<string>
  /** The names of the folders in a folder, sorted; none where it is not there. */
  folders(path: string): Promise<readonly string[]>
}

export const diskFiles: TemplateFiles = {
  read: (path) => readFile(path, 'utf8'),
  folders: async (path) => {
    const entries = await readdir(path, { withFileTypes: true }).catch((thrown: unknown) => {
      if (isMissing(thrown)) return []
      throw thrown
    })
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted()
  },
}
