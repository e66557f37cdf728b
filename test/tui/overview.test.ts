import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { inDependencyOrder } from '../../src/ui/tui/dependency-order.ts'
import type { Happening } from '../../src/ui/tui/events/index.ts'
import { NO_PULSE, recordStates } from '../../src/ui/tui/pulse.ts'
import type { Event } from '../../src/ui/tui/reducer.ts'
import { frameOf } from '../../src/ui/tui/view/frame.ts'
import { around, figures, given, NOW, seen, service, snapshot, typed, updated } from './support.ts'

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

function text(events: readonly Event[], columns: number, rows: number): string {
  const { head, body, foot } = frameOf(given(...events), around, { columns, rows }, PLAIN)
  return [...head, ...body, ...foot].map(stripVTControlCharacters).join('\n')
}

const happening = (at: string, what: string, words: string): Happening => ({
  id: `${at} ${words}`,
  at,
  kinds: ['changes'],
  sign: 'done',
  tone: 'good',
  what,
  text: words,
})

describe('the services', () => {
  it('stand in the order in which they need each other, then in that of their names', () => {
    const order = inDependencyOrder([
      service('api', { dependsOn: ['postgres', 'minio'] }),
      service('ingress', { dependsOn: ['api', 'gone'] }),
      service('minio'),
      service('postgres'),
    ])
    expect(order.map(({ name }) => name)).toEqual(['minio', 'postgres', 'api', 'ingress'])
  })

  it('have an order also where they need each other in a circle', () => {
    const circle = [service('a', { dependsOn: ['b'] }), service('b', { dependsOn: ['a'] })]
    expect(inDependencyOrder(circle)).toHaveLength(2)
  })
})

describe('the history of health', () => {
  it('keeps of each five seconds the worst state', () => {
    let pulse = recordStates(NO_PULSE, [service('api')], NOW)
    pulse = recordStates(pulse, [service('api', { state: 'unhealthy' })], later(1))
    pulse = recordStates(pulse, [service('api')], later(2))
    pulse = recordStates(pulse, [service('api')], later(6))
    expect(pulse.states.get('api')).toEqual(['unhealthy', 'running'])
  })

  it('keeps ten minutes, and nothing of services that are gone', () => {
    let pulse = NO_PULSE
    for (let beat = 0; beat < 200; beat += 1) pulse = recordStates(pulse, [service('api')], later(beat * 5))
    expect(pulse.states.get('api')).toHaveLength(120)
    expect(recordStates(pulse, [], later(2_000)).states.size).toBe(0)
  })

  it('is seen beside the facts of the service', () => {
    const ill = { services: [service('api', { state: 'unhealthy' })] }
    const events = [
      seen({ services: [service('api')] }),
      updated({ type: 'snapshot', snapshot: snapshot(ill) }, later(5)),
    ]
    expect(text(events, 80, 24)).toContain('health   ●✖')
  })
})

describe('what has happened', () => {
  it('is told latest first, with the hour today and the day before that', () => {
    const happenings = [
      happening('2026-03-01T09:12:00Z', 'health', 'api recovered after 14s'),
      happening('2026-02-26T07:10:00Z', 'update', '2.4.1 as r-0042 in 3m 12s'),
    ]
    const frame = text([seen(), { type: 'happened', happenings }], 160, 48)
    expect(frame).toContain('09:12 ✔ api recovered after 14s')
    expect(frame).toContain('02-26 ✔ update 2.4.1 as r-0042 in 3m 12s')
  })

  it('an update that was found is told in the first line', () => {
    const update = { version: '2.5.0', mandatory: false, checkedAt: '2026-03-01T09:00:00Z' }
    expect(text([seen({}, { update })], 80, 24).split('\n')[0]).toContain('▲ 2.5.0 available')
    expect(text([seen()], 80, 24)).not.toContain('available')
  })
})

describe('z', () => {
  const stats = updated({ type: 'stats', stats: [figures('api', 3, 410_000_000)] })

  it('gives the service at the cursor the whole screen, and takes it back', () => {
    const zoomed = text([seen(), stats, ...typed('z')], 80, 24)
    expect(zoomed).toContain('runs as  lab-api-1')
    expect(zoomed).not.toContain('Rollback points')
    expect(text([seen(), stats, ...typed('zj')], 80, 24)).toContain('─ grafana ─')
    expect(text([seen(), stats, ...typed('zz')], 80, 24)).toContain('Rollback points')
  })
})

describe('on a terminal', () => {
  it.each([
    [40, 10, ['Services 1-2 of 4', 'api'], ['Activity']],
    [60, 60, ['Services', 'Rollback points', 'Activity'], []],
    [80, 24, ['Services', 'Rollback points', 'Activity'], ['Instance']],
    [160, 48, ['Services', 'Rollback points', 'Activity', 'Instance'], []],
  ])('of %dx%d it shows what fits', (columns, rows, shown, hidden) => {
    const frame = text([seen()], columns, rows)
    for (const part of shown) expect(frame).toContain(part)
    for (const part of hidden) expect(frame).not.toContain(part)
  })
})
