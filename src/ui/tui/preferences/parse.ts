import type * as z from 'zod'
import { didYouMean, isTree, type Locate, type Path, parseDocument } from '../../../core/config/index.ts'
import type { Problem } from '../../../core/errors.ts'
import { type ActionId, isAction, keymapOf } from '../keymap/index.ts'
import { DEFAULT_PREFERENCES, type ReadPreferences, type TuiPreferences } from './preferences.ts'
import { ACTION_NAMES, keysSchema, SETTING_NAMES, SETTINGS } from './schema.ts'

/** The preferences in a text. What does not fit is told with its place, and its default holds. */
export function parsePreferences(text: string, file: string): ReadPreferences {
  const { data, locate, problems: unread } = parseDocument(text, file)
  if (unread.length > 0) return { preferences: DEFAULT_PREFERENCES, problems: unread }
  const told: Problem[] = []
  const reader = { told, locate }
  const tui = section(section(data, [], ['tui'], reader).tui, ['tui'], SETTING_NAMES, reader)
  const preferences: TuiPreferences = {
    theme: setting(SETTINGS.theme, tui.theme, ['tui', 'theme'], reader) ?? DEFAULT_PREFERENCES.theme,
    mouse: setting(SETTINGS.mouse, tui.mouse, ['tui', 'mouse'], reader) ?? DEFAULT_PREFERENCES.mouse,
    screenReader:
      setting(SETTINGS.screenReader, tui.screenReader, ['tui', 'screenReader'], reader) ??
      DEFAULT_PREFERENCES.screenReader,
    keys: keysIn(tui.keys, reader),
  }
  return { preferences, problems: told }
}

interface Reader {
  /** Collects the problems. */
  readonly told: Problem[]
  readonly locate: Locate
}

function problem({ told, locate }: Reader, path: Path, part: 'key' | 'value', message: string, hint: string): void {
  told.push({ code: 'CONFIG_INVALID', message, hint, place: locate(path, part) })
}

/** The keys of a section; none where it is left out or is none. */
function section(
  value: unknown,
  path: Path,
  known: readonly string[],
  reader: Reader,
): { readonly [key: string]: unknown } {
  if (value === undefined || value === null) return {}
  const name = path.length === 0 ? 'The file' : path.join('.')
  if (!isTree(value)) {
    problem(reader, path, 'value', `${name} must be a section: keys and values below it`, `Known: ${known.join(', ')}.`)
    return {}
  }
  for (const key of Object.keys(value).filter((one) => !known.includes(one))) {
    const meant = didYouMean(key, known)
    const hint = meant === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${meant}?`
    problem(reader, [...path, key], 'key', `${[...path, key].join('.')} is not a preference`, hint)
  }
  return value
}

function setting<T>(schema: z.ZodType<T>, value: unknown, path: Path, reader: Reader): T | undefined {
  if (value === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const expected = parsed.error.issues[0]?.message ?? 'something else'
  problem(reader, path, 'value', `${path.join('.')} must be ${expected}`, 'Until then its default holds.')
  return undefined
}

function keysIn(value: unknown, reader: Reader): TuiPreferences['keys'] {
  const path = ['tui', 'keys']
  const found = Object.entries(section(value, path, ACTION_NAMES, reader)).flatMap(
    ([action, keys]): readonly (readonly [ActionId, readonly string[]])[] => {
      const meant = isAction(action) ? setting(keysSchema, keys, [...path, action], reader) : undefined
      return isAction(action) && meant !== undefined ? [[action, meant]] : []
    },
  )
  const keys: TuiPreferences['keys'] = Object.fromEntries(found)
  for (const { action, message } of keymapOf(keys).conflicts) {
    problem(
      reader,
      [...path, action],
      'key',
      `${path.join('.')}.${action}: ${message}`,
      'Take another key for one of them.',
    )
  }
  return keys
}
