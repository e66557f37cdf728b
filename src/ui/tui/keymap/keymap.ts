import type { Press } from '../reducer.ts'
import type { ScreenId } from '../screens.ts'
import { ACTION_IDS, ACTIONS, type ActionFacts, type ActionId } from './actions.ts'
import { keyOf } from './keys.ts'

/** Which key does what. */
export interface Keymap {
  /** What a press does on a screen; undefined: nothing. */
  actionOf(press: Press, screen: ScreenId): ActionId | undefined
  /** The keys of an action; none when others have taken them. */
  keysOf(action: ActionId): readonly string[]
}

/** The keys that a person wants for some of the actions. */
export type OwnKeys = { readonly [action in ActionId]?: readonly string[] }

/** A key that was wanted twice, or that is no longer there for what needs it. */
export interface KeyConflict {
  readonly action: ActionId
  readonly message: string
}

const factsOf = (action: ActionId): ActionFacts => ACTIONS[action]

/** The keymap with a person's own keys over the defaults, and what does not go together in them. Pure. */
export function keymapOf(own: OwnKeys = {}): { readonly keymap: Keymap; readonly conflicts: readonly KeyConflict[] } {
  const conflicts: KeyConflict[] = []
  const keys = new Map<ActionId, readonly string[]>()
  const wanted = ACTION_IDS.filter((action) => own[action] !== undefined)
  for (const action of wanted) {
    const free = (own[action] ?? []).filter((key) => {
      const rival = wanted.find((other) => keys.get(other)?.includes(key) === true && meet(action, other))
      if (rival !== undefined) conflicts.push({ action, message: `"${key}" is the key of ${rival} already` })
      return rival === undefined
    })
    keys.set(action, free)
  }
  for (const action of ACTION_IDS) {
    if (own[action] !== undefined && keys.get(action)?.length !== 0) continue
    const { keys: defaults } = factsOf(action)
    const left = defaults.filter(
      (key) => !wanted.some((other) => other !== action && meet(action, other) && keys.get(other)?.includes(key)),
    )
    keys.set(action, left)
    if (left.length === 0) conflicts.push({ action, message: `no key is left for ${action}: ${factsOf(action).about}` })
  }
  const table = tableOf(keys)
  return {
    keymap: {
      actionOf: (press, screen) => {
        const key = keyOf(press)
        if (key === undefined) return undefined
        return table.get(`${screen} ${key}`) ?? table.get(`everywhere ${key}`)
      },
      keysOf: (action) => keys.get(action) ?? [],
    },
    conflicts,
  }
}

/** On some screen both can be meant. */
function meet(one: ActionId, other: ActionId): boolean {
  const [a, b] = [factsOf(one).on, factsOf(other).on]
  return a === b || a === 'everywhere' || b === 'everywhere'
}

function tableOf(keys: ReadonlyMap<ActionId, readonly string[]>): ReadonlyMap<string, ActionId> {
  return new Map(
    [...keys].flatMap(([action, own]) =>
      own.map((key): [string, ActionId] => [`${factsOf(action).on} ${key}`, action]),
    ),
  )
}
