import { join } from 'node:path'
import { type ConfigForm, formOf } from '../../src/core/actions/config/form.ts'
import { type EnvironmentName, parseConfig } from '../../src/core/config/index.ts'
import { loadTemplate } from '../../src/core/stack/index.ts'
import { type ConfigEffect, type ConfigEvent, type ConfigState, START } from '../../src/ui/tui/config/model.ts'
import { reduceConfig } from '../../src/ui/tui/config/reducer.ts'
import { DEFAULT_KEYMAP } from '../../src/ui/tui/keymap/index.ts'
import { typed } from './support.ts'

export const CONFIG = `version: 3.0.0
template: ddalab
# Where it listens.
api: { port: 8002 }
database: { password: not-so-secret-1 }
ingress: { domain: lab.example.org }
environments:
  production:
    web: { port: 3001 }
`

const template = await loadTemplate(join(import.meta.dirname, '../../templates/ddalab'))

export function form(text = CONFIG, environment?: EnvironmentName): ConfigForm {
  const file = '/home/lab/deployment-config.yml'
  const { config } = parseConfig(text, file).document
  return formOf({ file, text, config, template, target: environment === undefined ? {} : { environment } })
}

export const GROUND = { isReadOnly: false, page: 10 }

/** Events of what is typed; `\r`, `\u001B`, `\u007F` among it. */
export function keys(input: string): readonly ConfigEvent[] {
  return typed(input).flatMap((press) =>
    press.type === 'key' || press.type === 'text'
      ? [{ type: 'pressed' as const, press, action: DEFAULT_KEYMAP.actionOf(press, 'config') }]
      : [],
  )
}

/** The screen after what is typed, and everything that it asked for. */
export function played(
  events: readonly ConfigEvent[],
  ground = GROUND,
): { readonly state: ConfigState; readonly effects: readonly ConfigEffect[] } {
  return [{ type: 'read' as const, form: form() }, ...events].reduce<{
    readonly state: ConfigState
    readonly effects: readonly ConfigEffect[]
  }>(
    ({ state, effects }, event) => {
      const next = reduceConfig(state, event, ground)
      return { state: next.state, effects: [...effects, ...next.effects] }
    },
    { state: START, effects: [] },
  )
}

/** To a setting by its name, alone in the list. */
export const to = (name: string) => keys(`/${name}\r`)
