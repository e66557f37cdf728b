import { isDeepStrictEqual } from 'node:util'
import { DdalabError } from '../../errors.ts'
import { type Edit, editText, readable } from '../edit/index.ts'
import { isTree } from '../path.ts'
import { CURRENT_VERSION, migrate, VERSIONS } from './index.ts'

/**
 * The text of a config, carried to another version; every byte that the migrations do not concern stays. On the way down
 * the sections that the older version does not know go. Throws CONFIG_UNREADABLE, CONFIG_INVALID for a text without a
 * version, USAGE or CONFIG_TOO_NEW for an unknown one.
 */
export function migrateText(text: string, file: string, to: string = CURRENT_VERSION): string {
  const { data, locate } = readable(text, file)
  if (!isTree(data) || typeof data.version !== 'string') {
    throw new DdalabError('CONFIG_INVALID', `${file} says no version`, {
      hint: `Add the line "version: ${CURRENT_VERSION}". Known versions: ${VERSIONS.join(', ')}.`,
      place: locate(['version']),
    })
  }
  const migrated = migrate(data, data.version, to)
  const keys = new Set([...Object.keys(data), ...Object.keys(migrated)])
  const edits = [...keys]
    .filter((key) => !isDeepStrictEqual(data[key], migrated[key]))
    .map((key): Edit => ({ path: [key], value: migrated[key] }))
  return editText(text, edits, file)
}
