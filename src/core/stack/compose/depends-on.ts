import type { Dependency } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { readTexts } from './lists.ts'

type Dependencies = { readonly [service: string]: Dependency }

const STARTED: Dependency = { condition: 'service_started', restart: false, required: true }

/** `depends_on`, short and long form. */
export function readDependsOn(cursor: Cursor): Dependencies {
  if (cursor.isList) return Object.fromEntries(readTexts(cursor).map((name) => [name, STARTED]))
  return Object.fromEntries(cursor.entries().map(([name, dependency]) => [name, readDependency(dependency)]))
}

function readDependency(cursor: Cursor): Dependency {
  cursor.onlyKeys(['condition', 'restart', 'required'])
  const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'] as const
  return {
    condition: cursor.get('condition').oneOf(conditions) ?? 'service_started',
    restart: cursor.get('restart').boolean() ?? false,
    required: cursor.get('required').boolean() ?? true,
  }
}

/** What Compose adds: who shares namespaces or volumes of a service depends on it (rule 37). */
export function impliedDependencies(
  namespaces: readonly (string | undefined)[],
  volumesFrom: readonly string[],
): Dependencies {
  const shared = namespaces.flatMap((mode) => (mode?.startsWith('service:') ? [mode.slice('service:'.length)] : []))
  const volumes = volumesFrom.flatMap((source) =>
    source.startsWith('container:') ? [] : [source.split(':')[0] ?? source],
  )
  return Object.fromEntries([
    ...volumes.map((name) => [name, STARTED] as const),
    ...shared.map((name) => [name, { ...STARTED, restart: true }] as const),
  ])
}
