import type { Service } from '../../../stack/model.ts'
import { DDALAB } from '../labels.ts'
import type { ObservedContainer } from '../observation.ts'

/** What a wanted container needs, and why in words. */
export type Verdict =
  | { readonly kind: 'keep' }
  /** Runs as wanted, but has yet to become healthy. */
  | { readonly kind: 'await'; readonly cause: string }
  | { readonly kind: 'create'; readonly cause: string }
  | { readonly kind: 'recreate'; readonly cause: string }
  | { readonly kind: 'start'; readonly cause: string }
  | { readonly kind: 'unpause'; readonly cause: string }

/** What a service should be: its hashes, and the image id its reference stands for now (undefined when it must be pulled first). */
export interface Wanted {
  readonly service: Service
  readonly hash: string
  readonly sections: { readonly [section: string]: string }
  readonly imageId: string | undefined
  /** Another service waits for it to complete: exit 0 is its success (rule 26). */
  readonly oneShot: boolean
}

/** Compares one container with what is wanted in its place. */
export function judge(wanted: Wanted, container: ObservedContainer | undefined): Verdict {
  if (container === undefined) return { kind: 'create', cause: 'not there yet' }
  const changes = differences(wanted, container)
  if (changes !== undefined) return { kind: 'recreate', cause: changes }
  switch (container.state) {
    case 'running':
      return container.health === 'starting' ? { kind: 'await', cause: 'still starting' } : { kind: 'keep' }
    case 'paused':
      return { kind: 'unpause', cause: 'was paused' }
    case 'exited':
      // A completed one-shot is not run again unless its spec changed (rule 27).
      if (wanted.oneShot && container.exitCode === 0) return { kind: 'keep' }
      return { kind: 'start', cause: stoppedCause(container) }
    case 'created':
      return { kind: 'start', cause: 'was created but never started' }
    case 'restarting':
      return { kind: 'await', cause: 'restarting' }
    case 'removing':
    case 'dead':
      return { kind: 'recreate', cause: `is ${container.state}` }
  }
}

/** Why a container can not stay as it is, in words; undefined when it can. */
function differences(wanted: Wanted, container: ObservedContainer): string | undefined {
  const hash = container.labels[DDALAB.specHash]
  if (hash === undefined) return 'was not created by ddalab'
  if (hash !== wanted.hash) return changedSections(wanted.sections, container.labels[DDALAB.spec])
  if (wanted.imageId !== undefined && wanted.imageId !== container.imageId) return 'image digest changed'
  return undefined
}

function changedSections(wanted: Wanted['sections'], label: string | undefined): string {
  const former = parseSections(label)
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(former)])]
  const changed = names.filter((name) => wanted[name] !== former[name]).sort()
  return changed.length === 0 ? 'specification changed' : `${changed.join(', ')} changed`
}

/** The label is ours, but anybody may have written it: what does not parse counts as nothing known. */
function parseSections(label: string | undefined): { readonly [section: string]: string } {
  if (label === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(label)
    if (parsed === null || typeof parsed !== 'object') return {}
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return {}
  }
}

function stoppedCause(container: ObservedContainer): string {
  // 143 and 137 are what `docker stop` leaves; 0 is a program that ended by itself or stopped politely (rule 28).
  const wasStopped = container.exitCode === 0 || container.exitCode === 143 || container.exitCode === 137
  return wasStopped ? 'was stopped' : `exited with code ${container.exitCode}`
}
