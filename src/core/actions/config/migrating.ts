import { isDeepStrictEqual } from 'node:util'
import { CURRENT_VERSION, type Edit, editText, isTree, migrate } from '../../config/index.ts'
import type { ConfigEdit } from './prepare-change.ts'

/**
 * Carries a config up or down to a version of its schema: only what the versions differ in is touched. Going down takes out
 * what the older version does not know; the history keeps it. Errors: USAGE for an unknown version, CONFIG_TOO_NEW.
 */
export function migrating(to: string = CURRENT_VERSION): ConfigEdit {
  return ({ text, file, data }) => {
    const former = isTree(data) ? data : {}
    const migrated = migrate(former, String(former.version), to)
    const keys = [...new Set([...Object.keys(former), ...Object.keys(migrated)])]
    const edits = keys
      .filter((key) => !isDeepStrictEqual(former[key], migrated[key]))
      .map((key): Edit => ({ path: [key], value: migrated[key] }))
    return { text: editText(text, edits, file) }
  }
}
