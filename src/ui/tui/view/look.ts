import type { InstanceState, ServiceState } from '../../../core/actions/service-state.ts'
import type { ServiceStatus } from '../../../core/actions/status.ts'
import { formatDuration } from '../../cli/format.ts'
import type { Glyph, Tone } from '../../cli/style.ts'
import type { Span } from './spans.ts'

/** How a state looks: never by its colour alone. */
export interface Look {
  readonly sign: Glyph
  readonly tone: Tone
}

export const INSTANCE: { readonly [state in InstanceState]: Look } = {
  absent: { sign: 'stopped', tone: 'quiet' },
  stopped: { sign: 'stopped', tone: 'quiet' },
  starting: { sign: 'partly', tone: 'warn' },
  healthy: { sign: 'running', tone: 'good' },
  degraded: { sign: 'partly', tone: 'warn' },
  unhealthy: { sign: 'failed', tone: 'bad' },
}

export const SERVICE: { readonly [state in ServiceState]: Look } = {
  absent: { sign: 'stopped', tone: 'quiet' },
  stopped: { sign: 'stopped', tone: 'quiet' },
  starting: { sign: 'partly', tone: 'warn' },
  running: { sign: 'running', tone: 'good' },
  unhealthy: { sign: 'failed', tone: 'bad' },
  completed: { sign: 'done', tone: 'quiet' },
}

/** How long ago: `2h 5m`. */
export function since(at: string | Date, now: Date): string {
  return formatDuration(Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000) * 1000))
}

/** What stands behind the name of an image: `2.4.1`, `latest`, the beginning of a digest. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@')
  const [, tag] = /:([^/:]+)$/.exec(name) ?? []
  return tag ?? digest?.slice(0, 'sha256:'.length + 12) ?? 'latest'
}

export function restarts({ containers }: ServiceStatus): number {
  return containers.reduce((sum, container) => sum + container.restarts, 0)
}

/** Published ports, those of TCP as links; one that is open on all addresses is told once, not once more for IPv6. */
export function portSpans({ ports }: ServiceStatus): readonly Span[] {
  const found = ports.flatMap((port) => {
    const [, ip = '', published = '', target = '', protocol = ''] = /^(.*):(\d+)->(\d+)\/(\w+)$/.exec(port) ?? []
    return published === '' || published === '0' ? [] : [{ ip, published, target, protocol }]
  })
  const distinct = new Map(found.map((port) => [`${port.published}/${port.protocol}`, port]))
  return [...distinct.values()].flatMap(({ ip, published, target, protocol }, index) => {
    const isWeb = protocol === 'tcp'
    const scheme = target === '443' || target === '8443' ? 'https' : 'http'
    const host = ip === '' || ip === '0.0.0.0' || ip === '[::]' ? 'localhost' : ip
    const text = isWeb ? published : `${published}/${protocol}`
    return [
      ...(index === 0 ? [] : [{ text: ' ' }]),
      { text, ...(isWeb && { tone: 'note' as const, link: `${scheme}://${host}:${published}` }) },
    ]
  })
}

/** An address may come from a template: only what a browser opens is a link. */
export function webLink(address: string): string | undefined {
  return /^https?:\/\//.test(address) ? address : undefined
}
