import type { ChangeRequest } from './change/request.ts'
import type { ScreenId } from './screens.ts'

/** What the dashboard does for a command of the palette. */
export type Deed =
  | { readonly kind: 'change'; readonly request: ChangeRequest }
  | { readonly kind: 'screen'; readonly screen: ScreenId }
  /** It runs in this terminal, and the dashboard comes back. `reads`: it changes nothing. */
  | { readonly kind: 'run'; readonly reads: boolean }
  /** It needs words that only a person knows. */
  | { readonly kind: 'copy' }

const change = (request: ChangeRequest): Deed => ({ kind: 'change', request })
const screen = (id: ScreenId): Deed => ({ kind: 'screen', screen: id })
const READS: Deed = { kind: 'run', reads: true }

const DEEDS: { readonly [words: string]: Deed } = {
  deploy: change({ kind: 'deploy' }),
  plan: change({ kind: 'deploy' }),
  update: change({ kind: 'update' }),
  start: change({ kind: 'start', services: [] }),
  stop: change({ kind: 'stop', services: [] }),
  restart: change({ kind: 'restart', services: [] }),
  destroy: change({ kind: 'destroy', volumes: false }),
  'backup create': change({ kind: 'backup' }),
  status: screen('overview'),
  stats: screen('overview'),
  logs: screen('logs'),
  rollback: screen('rollback'),
  'config set': screen('config'),
  'config unset': screen('config'),
  'config restore': screen('config'),
  'config edit': { kind: 'run', reads: false },
  'config show': READS,
  'config diff': READS,
  'config history': READS,
  'config validate': READS,
  'config path': READS,
  'config schema': READS,
  'config backups': READS,
  'backup list': READS,
  'env list': READS,
  'templates list': READS,
  doctor: READS,
  drift: READS,
  health: READS,
  releases: READS,
  version: READS,
  help: READS,
}

/** What is done for a command, given by its words. */
export function deedOf(words: string): Deed {
  return DEEDS[words] ?? { kind: 'copy' }
}
