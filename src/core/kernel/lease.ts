/** Where a process runs. Only the host name is known everywhere; the rest is what Linux tells. */
export interface ProcessPlace {
  readonly host: string
  /** Identity of the installed system: stays over a restart. */
  readonly machine?: string
  /** Changes with every restart of the machine. */
  readonly boot?: string
  /** Process ids mean the same within one of these only. */
  readonly pidNamespace?: string
}

/** Who works on an instance (rule 42). */
export interface LeaseHolder extends ProcessPlace {
  /** Unique for each acquisition. */
  readonly token: string
  /** The user. */
  readonly owner: string
  readonly pid: number
  /** When the process began, as its system counts; tells a process from a later one with the same id. */
  readonly processStart?: string
  readonly command: string
  /** ISO 8601, by the holder's clock. */
  readonly startedAt: string
  readonly heartbeatAt: string
}

/** What the process table of the observer says about the holder's process id. */
export interface ProcessSighting {
  readonly alive: boolean
  readonly processStart?: string
}

/** A lease that is held. */
export interface Lease {
  readonly holder: LeaseHolder
  /** Aborted, with a DdalabError LOCKED as reason, when another process has taken the lease: stop at once. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

export interface LeaseRequest {
  readonly command: string
  /** Milliseconds to wait for another holder to finish; 0 when not given. */
  readonly waitMs?: number
  readonly signal?: AbortSignal
}

export interface LeaseStore {
  /** Throws LOCKED (naming the holder) when it is held, also after the wait; INTERRUPTED when `signal` ends the wait. */
  acquire(request: LeaseRequest): Promise<Lease>
  /** Who holds it now; undefined when nobody does, also when its holder is dead and the next one may take it. */
  current(): Promise<LeaseHolder | undefined>
  /** A number that is another one as soon as somebody has taken it; undefined while it is held, or was never given back. */
  idle(): Promise<number | undefined>
}

/** How often a holder shows that it is alive, in milliseconds. */
export const HEARTBEAT_MS = 5_000

/** A holder that cannot be looked up in a process table is taken for dead after this long without a heartbeat. */
export const HEARTBEAT_LIMIT_MS = 60_000

/**
 * Why the holder of a lease must be dead, in words; undefined while it may be alive. Where its process can be looked up
 * that settles it, however old the heartbeat: a suspended process or a sleeping laptop still holds its lease.
 */
export function staleness(
  holder: LeaseHolder,
  now: Date,
  here: ProcessPlace,
  sighting: ProcessSighting,
): string | undefined {
  const sameMachine = holder.machine !== undefined && holder.machine === here.machine
  if (sameMachine && holder.boot !== undefined && here.boot !== undefined && holder.boot !== here.boot) {
    return `${holder.host} was restarted since`
  }
  const sameTable = holder.host === here.host && holder.boot === here.boot && holder.pidNamespace === here.pidNamespace
  if (sameTable && !sighting.alive) return `its process ${holder.pid} is gone`
  if (sameTable && holder.processStart !== undefined && sighting.processStart !== undefined) {
    return holder.processStart === sighting.processStart ? undefined : `process ${holder.pid} is another one now`
  }
  const silentMs = now.getTime() - Date.parse(holder.heartbeatAt)
  return silentMs > HEARTBEAT_LIMIT_MS ? `no sign of life for ${Math.floor(silentMs / 1000)} s` : undefined
}

/** `ddalab deploy`, process 4711 of anna on lab-1, since 2026-11-21 08:47 UTC */
export function describeHolder({ command, pid, owner, host, startedAt }: LeaseHolder): string {
  return `"${command}", process ${pid} of ${owner} on ${host}, since ${startedAt.slice(0, 16).replace('T', ' ')} UTC`
}
