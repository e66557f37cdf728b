import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError, toDdalabError } from '../../../core/errors.ts'
import { isMissing, readError } from '../../../core/files.ts'
import { DEFAULT_PREFERENCES, PREFERENCES_FILE, type ReadPreferences } from './preferences.ts'

/** The preferences in a user directory. Nothing that is wrong with them is in the way: it is told, and defaults hold. */
export async function readPreferences(configHome: string): Promise<ReadPreferences> {
  const file = join(configHome, PREFERENCES_FILE)
  try {
    const text = await readFile(file, 'utf8')
    // The readers of YAML are loaded when there is something to read.
    const { parsePreferences } = await import('./parse.ts')
    return parsePreferences(text, file)
  } catch (thrown) {
    if (isMissing(thrown)) return { preferences: DEFAULT_PREFERENCES, problems: [] }
    const { code, message, options } = toDdalabError(thrown instanceof DdalabError ? thrown : readError(thrown, file))
    const hint = options.hint === undefined ? {} : { hint: options.hint }
    return { preferences: DEFAULT_PREFERENCES, problems: [{ code, message, ...hint, place: { file } }] }
  }
}
