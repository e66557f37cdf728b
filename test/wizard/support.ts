import { join } from 'node:path'
import type { PlanResult } from '../../src/core/providers/docker/index.ts'
import { loadTemplate } from '../../src/core/stack/index.ts'
import type { Event, Key } from '../../src/ui/wizard/events.ts'
import type { Instruments } from '../../src/ui/wizard/look.ts'
import { reduce } from '../../src/ui/wizard/reducer.ts'
import { answersOf, type Catalogue, initialState, type State } from '../../src/ui/wizard/state.ts'

const TEMPLATES = join(import.meta.dirname, '../../templates')
export const ddalabTemplate = await loadTemplate(join(TEMPLATES, 'ddalab'))
export const demoTemplate = await loadTemplate(join(TEMPLATES, 'demo'))

/** A machine with 8 CPUs and 16 GiB, as `init` on a new instance `lab` finds it. */
export const catalogue: Catalogue = {
  templates: [ddalabTemplate, demoTemplate],
  instance: 'lab',
  home: '/home/ada',
  machine: { cpus: 8, memory: 16 * 1024 ** 3 },
  given: {},
}

/** A machine on which everything is free and there. */
export const quietInstruments: Instruments = {
  machine: catalogue.machine,
  portHolder: async () => undefined,
  folder: async (path) => ({ path, state: 'can be made', free: 5_000_000_000 }),
  certificate: async () => ({ tone: 'good', text: 'Certificate and key are a pair.' }),
}

export const noPlan: PlanResult = {
  plan: { instance: 'lab', action: 'deploy', fingerprint: 'f', operations: [], downtime: [] },
  problems: [],
  warnings: [],
}

const KEYS: ReadonlySet<string> = new Set<Key>([
  ...(['left', 'right', 'home', 'end', 'backspace', 'delete', 'deleteWord', 'deleteToStart', 'deleteToEnd'] as const),
  ...(['enter', 'tab', 'backTab', 'up', 'down', 'pageUp', 'pageDown', 'escape', 'offer', 'interrupt'] as const),
])
const isKey = (word: string): word is Key => KEYS.has(word)

/** `<enter>` is a key, everything else is typed. */
export function eventsIn(script: string): readonly Event[] {
  return script
    .split(/(<\w+>)/)
    .filter((part) => part !== '')
    .flatMap((part): readonly Event[] => {
      const name = part.slice(1, -1)
      if (part.startsWith('<') && isKey(name)) return [{ type: 'key', key: name }]
      return [...part].map((text) => ({ type: 'text', text }))
    })
}

/** What the wizard is after these keys. */
export function play(script: string, from: State = initialState(catalogue), on: Catalogue = catalogue): State {
  return eventsIn(script).reduce((state, event) => reduce(state, event, on), from)
}

/** The answers after these keys. */
export const answersAfter = (script: string, from?: State) => answersOf(play(script, from), catalogue)
