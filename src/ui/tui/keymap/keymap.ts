import type { Press } from '../reducer.ts'
import type { ScreenId } from '../screens.ts'
import { ACTION_IDS, ACTIONS, type ActionId } from './actions.ts'
import { keyOf, pressOf } from './keys.ts'

/** Which key does what. */
export interface Keymap {
  /** What a press does on a screen; undefined: nothing that the table knows. */
  actionOf(press: Press, screen: ScreenId): ActionId | undefined
  /** The press that has, where no keys were changed, the meaning that this one has; undefined: it has none any more. */
  meant(press: Press, screen: ScreenId): Press | undefined
  /** The keys of an action; none when others have taken them. */
  keysOf(action: ActionId): readonly string[]
}

/** The keys that a person wants for some of the actions. */
export type OwnKeys = { readonly [action in ActionId]?: readonly string[] }

/** A key that was wanted twice, or an action that has none any more. */
export interface KeyConflict {
  readonly action: ActionId
  readonly message: string
}

/** The keymap with a person's own keys over the defaults, and what does not go together in them. Pure. */
export function keymapOf(own: OwnKeys = {}): { readonly keymap: Keymap; readonly conflicts: readonly KeyConflict[] } {
  const conflicts: KeyConflict[] = []
  const wanted = new Map<ActionId, readonly string[]>()
  for (const action of ACTION_IDS) {
    const free = own[action]?.filter((key) => {
      const rival = [...wanted].find(([other, keys]) => keys.includes(key) && meet(action, other))
      if (rival !== undefined) conflicts.push({ action, message: `"${key}" is the key of ${rival[0]} already` })
      return rival === undefined
    })
    if (free !== undefined && free.length > 0) wanted.set(action, free)
  }
  const keys = new Map<ActionId, readonly string[]>()
  for (const action of ACTION_IDS) {
    const isTaken = (key: string) => [...wanted].some(([other, taken]) => taken.includes(key) && meet(action, other))
    const mine = wanted.get(action) ?? ACTIONS[action].keys.filter((key) => !isTaken(key))
    keys.set(action, mine)
    if (mine.length === 0) conflicts.push({ action, message: `no key is left for it: ${ACTIONS[action].about}` })
  }
  return { keymap: withKeys(keys), conflicts }
}

/** On some screen both can be meant. */
function meet(one: ActionId, other: ActionId): boolean {
  const [a, b] = [ACTIONS[one].on, ACTIONS[other].on]
  return a === b || a === 'everywhere' || b === 'everywhere'
}

function withKeys(keys: ReadonlyMap<ActionId, readonly string[]>): Keymap {
  const table = tableOf(keys)
  const actionOf: Keymap['actionOf'] = (press, screen) => lookUp(table, press, screen)
  return {
    actionOf,
    meant: (press, screen) => {
      const action = actionOf(press, screen)
      if (action === undefined) return lookUp(DEFAULTS, press, screen) === undefined ? press : undefined
      const [first] = ACTIONS[action].keys
      // Which of several default keys it is makes no difference, so that it stays what it is.
      return lookUp(DEFAULTS, press, screen) === action || first === undefined ? press : pressOf(first)
    },
    keysOf: (action) => keys.get(action) ?? [],
  }
}

type KeyTable = ReadonlyMap<string, ActionId>

function tableOf(keys: ReadonlyMap<ActionId, readonly string[]>): KeyTable {
  return new Map(
    [...keys].flatMap(([action, own]) =>
      own.map((key): [string, ActionId] => [`${ACTIONS[action].on} ${key}`, action]),
    ),
  )
}

/** What the screen has for a key comes before what it means everywhere. */
function lookUp(table: KeyTable, press: Press, screen: ScreenId): ActionId | undefined {
  const key = keyOf(press)
  return key === undefined ? undefined : (table.get(`${screen} ${key}`) ?? table.get(`everywhere ${key}`))
}

const DEFAULTS = tableOf(new Map(ACTION_IDS.map((action) => [action, ACTIONS[action].keys])))

export const DEFAULT_KEYMAP: Keymap = keymapOf().keymap

/** The key means something of its own on the screen, which the dashboard leaves to it. `press` as by the defaults. */
export function isOfScreen(press: Press, screen: ScreenId): boolean {
  const action = DEFAULT_KEYMAP.actionOf(press, screen)
  return action !== undefined && ACTIONS[action].on === screen
}
