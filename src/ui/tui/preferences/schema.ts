import * as z from 'zod'
import { ACTION_IDS, isKey } from '../keymap/index.ts'

const KEY = 'one character, or the name of a key such as space, enter, tab or page-down'
const key = z.string(KEY).refine(isKey, KEY)

/**
 * What a person prefers, setting by setting: one that does not fit is told, and the others hold. Each says in its error text
 * what it expects.
 */
export const SETTINGS = {
  theme: z.enum(['auto', 'dark', 'light', 'mono'], 'one of auto, dark, light, mono'),
  mouse: z.boolean('true or false'),
  screenReader: z.boolean('true or false'),
} as const

/** The keys of an action: one, or several. */
export const keysSchema = z.union([key.transform((one) => [one]), z.array(key).min(1)], KEY)

export const SETTING_NAMES: readonly string[] = [...Object.keys(SETTINGS), 'keys']
export const ACTION_NAMES: readonly string[] = ACTION_IDS
