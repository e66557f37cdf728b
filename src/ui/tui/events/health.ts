import type { ServiceStatus } from '../../../core/actions/status.ts'
import { formatDuration } from '../../cli/format.ts'
import type { Glyph, Tone } from '../../cli/style.ts'
import type { Snapshot, Update } from '../source.ts'
import { restarts } from '../view/look.ts'
import type { Happening } from './happening.ts'

/** What was seen last, and since when things are not well. */
export interface Health {
  readonly services: ReadonlyMap<string, ServiceStatus>
  /** Since when (ms) a service is not well, by its name. */
  readonly ailing: ReadonlyMap<string, number>
  /** Since when (ms) the engine does not answer. */
  readonly lost: number | undefined
}

export const UNSEEN: Health = { services: new Map(), ailing: new Map(), lost: undefined }

export interface Watched {
  readonly health: Health
  readonly happenings: readonly Happening[]
}

/** What an update tells about the health of the services, compared with what was seen before. Pure. */
export function watchHealth(before: Health, update: Update, now: Date): Watched {
  switch (update.type) {
    case 'stats':
      return { health: before, happenings: [] }
    case 'lost':
      return wentAway(before, update.message, now)
    case 'snapshot':
      return compared(before, update.snapshot, now)
  }
}

/** Once; and only of an engine that has answered before. */
function wentAway(before: Health, message: string, now: Date): Watched {
  if (before.lost !== undefined || before.services.size === 0) return { health: before, happenings: [] }
  const gone = happening(message, now, 'failed', 'bad')
  return { health: { ...before, lost: now.getTime() }, happenings: [gone] }
}

function compared(before: Health, { status }: Snapshot, now: Date): Watched {
  const services = new Map(status.services.map((service) => [service.name, service]))
  const back =
    before.lost === undefined
      ? []
      : [happening(`engine answers again after ${since(before.lost, now)}`, now, 'running', 'good')]
  const ailing = new Map<string, number>()
  // What a change stops and starts is told by the change.
  const isChanging = status.operation?.interrupted === false
  for (const { name, state } of status.services) {
    const since = before.ailing.get(name) ?? (isChanging ? undefined : now.getTime())
    if (state !== 'running' && state !== 'completed' && since !== undefined) ailing.set(name, since)
  }
  const changes = status.services.flatMap((service) => {
    if (isChanging) return []
    const former = before.services.get(service.name)
    return former === undefined ? [] : changesOf(former, service, before.ailing.get(service.name), now)
  })
  return { health: { services, ailing, lost: undefined }, happenings: [...back, ...changes] }
}

/** The signs that need an eye, of the states that a service can come into. */
const WORSE: { readonly [state in ServiceStatus['state']]?: { text: string; sign: Glyph; tone: Tone } } = {
  unhealthy: { text: 'became unhealthy', sign: 'failed', tone: 'bad' },
  stopped: { text: 'stopped', sign: 'stopped', tone: 'warn' },
  absent: { text: 'is gone', sign: 'stopped', tone: 'warn' },
}

function changesOf(
  former: ServiceStatus,
  { name, ...service }: ServiceStatus,
  ailingSince: number | undefined,
  now: Date,
): readonly Happening[] {
  const tell = (text: string, sign: Glyph, tone: Tone) => happening(`${name} ${text}`, now, sign, tone)
  const more = restarts({ name, ...service }) - restarts(former)
  const isSame = former.containers.some(({ id }) => service.containers.some((container) => container.id === id))
  const restarted =
    isSame && more > 0 ? [tell(`restarted by itself${more === 1 ? '' : ` ${more} times`}`, 'warning', 'warn')] : []
  if (former.state === service.state) return restarted
  const isWell = service.state === 'running' || service.state === 'completed'
  if (isWell && ailingSince !== undefined) {
    return [...restarted, tell(`recovered after ${since(ailingSince, now)}`, 'running', 'good')]
  }
  const worse = WORSE[service.state]
  return worse === undefined ? restarted : [...restarted, tell(worse.text, worse.sign, worse.tone)]
}

const since = (from: number, now: Date): string =>
  formatDuration(Math.max(0, Math.round((now.getTime() - from) / 1000) * 1000))

function happening(text: string, now: Date, sign: Glyph, tone: Tone): Happening {
  const at = now.toISOString()
  return { id: `${at} ${text}`, at, kinds: ['health'], sign, tone, what: 'health', text }
}
