import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { Activity, RunActivity } from '../../src/core/actions/activity.ts'
import { operationId } from '../../src/core/kernel/index.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { type Health, UNSEEN, watchHealth } from '../../src/ui/tui/events/health.ts'
import { eventsPress } from '../../src/ui/tui/events/keys.ts'
import { EventsSession } from '../../src/ui/tui/events/session.ts'
import {
  type EventsAction,
  type EventsState,
  type Past,
  reduceEvents,
  START,
  shownIn,
} from '../../src/ui/tui/events/state.ts'
import { eventsView } from '../../src/ui/tui/events/view.ts'
import type { Update } from '../../src/ui/tui/source.ts'
import { draw } from '../../src/ui/tui/view/spans.ts'
import { release } from './rollback-support.ts'
import { FakeSource, NOW, service, snapshot, typed } from './support.ts'

const run = (facts: Partial<RunActivity> = {}): RunActivity => ({
  type: 'run',
  run: '2026-03-01T10-00-00Z-00000001',
  at: '2026-03-01T10:00:00Z',
  action: 'update',
  command: 'ddalab update -i lab',
  by: 'anna',
  result: 'committed',
  durationMs: 192_000,
  release: { id: 'r-0042', version: '2.4.1', of: null },
  cause: null,
  failures: [],
  steps: [],
  ...facts,
})

const FAILURE = {
  code: 'UNHEALTHY',
  exit: 8,
  message: 'container lab-api-1 did not become healthy',
  hint: 'Look at its log.',
  details: ['health check: connection refused', 'log: no such table'],
} as const

const FAILED = run({
  run: '2026-03-01T11-00-00Z-00000002',
  at: '2026-03-01T11:00:00Z',
  result: 'rolled-back',
  durationMs: 34_000,
  release: null,
  cause: FAILURE,
  failures: [{ resource: 'container lab-api-1', error: FAILURE }],
  steps: [
    {
      id: operationId('image.pull', 'api'),
      resource: 'image lab/api:2.5.0',
      effect: 'pull',
      state: 'undone',
    },
    {
      id: operationId('container.awaitHealthy', 'api-1'),
      resource: 'container lab-api-1',
      effect: 'wait until it is healthy',
      state: 'failed',
    },
  ],
})

const ROLLBACK = run({
  run: '2026-02-28T10-00-00Z-00000003',
  at: '2026-02-28T10:00:00Z',
  action: 'rollback',
  command: 'ddalab rollback -i lab',
  durationMs: 4_000,
  release: { id: 'r-0041', version: '2.4.0', of: 'r-0039' },
})

const ACTIVITIES: readonly Activity[] = [
  FAILED,
  run(),
  ROLLBACK,
  { type: 'release', at: release(1).deployedAt, release: release(1) },
]

const NOTICE = { version: '2.6.0', mandatory: true, checkedAt: '2026-03-01T11:30:00Z' }

const past = (value: Partial<Past> = {}): EventsAction => ({
  type: 'past',
  past: { kind: 'loaded', value: { activities: ACTIVITIES, notice: NOTICE, ...value } },
})

const given = (...actions: readonly EventsAction[]): EventsState => actions.reduce(reduceEvents, START)
const type = (text: string): readonly EventsAction[] => [...text].map((one) => ({ type: 'text', text: one }))

const screen = (state: EventsState, width = 79, height = 19): string =>
  eventsView(state, { width, height }, PLAIN)
    .lines.map((line) => draw(line, width, PLAIN))
    .join('\n')

describe('the events', () => {
  it('newest first: updates, failures, rollbacks, releases, each with who did it', () => {
    const lines = screen(given(past())).split('\n').slice(1, 6)
    expect(lines[0]).toMatch(/▸03-01 11:30 → update +2\.6\.0 is available, and mandatory/)
    expect(lines[1]).toMatch(/03-01 11:00 ↩ update +failed and was undone after 34s: container lab-api/)
    expect(lines[2]).toMatch(/03-01 10:00 ✔ update +2\.4\.1 as r-0042 in 3m 12s {2}by anna/)
    expect(lines[3]).toMatch(/02-28 10:00 ✔ rollback to r-0039 \(2\.4\.0\) as r-0041 in 4s {2}by anna/)
    expect(lines[4]).toMatch(/02-21 12:00 ✔ deploy +2\.1\.0 as r-0001 {2}by anna/)
  })

  it('a run without an end is under way, or was interrupted', () => {
    const open = run({ result: null, durationMs: null, release: null })
    const state = given(past({ activities: [open], notice: null }))
    expect(screen(state)).toContain('interrupted; the next change finishes or undoes it')
    expect(screen(reduceEvents(state, { type: 'seen', happenings: [], isUnderWay: true }))).toContain('under way')
  })

  it('are filtered by kind and by text as it is typed; Esc shows all again', () => {
    const failures = given(past(), { type: 'filter' }, { type: 'filter' })
    expect(shownIn(failures).map(({ id }) => id)).toEqual([FAILED.run])
    expect(screen(failures)).toContain('1 of 5  v failures')
    const searched = given(past(), { type: 'search' }, ...type('ROLLBACK -I'))
    expect(shownIn(searched).map(({ id }) => id)).toEqual([ROLLBACK.run])
    expect(screen(searched)).toContain('/ROLLBACK -I▏  1 of 5')
    expect(screen(given(past(), { type: 'search' }, ...type('zzz'), { type: 'submit' }))).toContain(
      'Esc shows all again',
    )
    expect(shownIn(reduceEvents(reduceEvents(searched, { type: 'submit' }), { type: 'close' }))).toHaveLength(5)
  })

  it('the cursor stays at the newest until it is moved, then where it is', () => {
    const happening = watchHealth(seen({ state: 'running' }), told({ state: 'unhealthy' }), NOW).happenings
    const more: EventsAction = { type: 'seen', happenings: happening, isUnderWay: false }
    expect(screen(given(past(), more))).toMatch(/▸03-01 12:00 ✖ health +api became unhealthy/)
    expect(screen(given(past(), { type: 'move', steps: 2 }, more))).toMatch(/▸03-01 10:00 ✔ update/)
  })

  it('says so when nothing has happened, and when nothing can be read', () => {
    expect(screen(START)).toContain('Reading what has happened')
    expect(screen(given(past({ activities: [], notice: null })))).toContain('Nothing has happened yet')
    const failed = { kind: 'failed', message: 'Permission denied.', hint: undefined, problems: [] } as const
    expect(screen(given({ type: 'past', past: failed }))).toContain('Permission denied.')
    expect(shownIn(given(past(), { type: 'past', past: failed }))).toHaveLength(5)
  })
})

describe('the details of a failed run', () => {
  it('its cause, the container in its own words, what to do, and what became of each step', () => {
    const text = screen(given(past(), { type: 'move', steps: 1 }, { type: 'open' }), 79, 24)
    for (const part of [
      'When      2026-03-01 11:00:00 UTC',
      'Command   ddalab update -i lab',
      'By        anna',
      'Result    failed; what was begun has been undone',
      'Why       container lab-api-1 did not become healthy',
      'health check: connection refused',
      'log: no such table',
      '→ Look at its log.',
      '↩ image lab/api:2.5.0  pull  (undone)',
      '✖ container lab-api-1  wait until it is healthy  (failed)',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('Also')
  })

  it('a service cannot steer the terminal by what it logs', () => {
    const error = { ...FAILURE, details: ['log: \u001B[2J\u001B]0;title\u0007red'] }
    const state = given(past({ activities: [run({ cause: error, failures: [] })], notice: null }), { type: 'open' })
    expect(screen(state, 79, 30)).not.toMatch(/\u001B|\u0007/)
    expect(screen(state, 79, 30)).toContain('red')
  })
})

const told = (facts: Parameters<typeof service>[1], more = 0): Update => {
  const api = service('api', facts)
  const containers = api.containers.map((container) => ({ ...container, restarts: more }))
  return { type: 'snapshot', snapshot: snapshot({ services: [{ ...api, containers }] }) }
}
const seen = (facts: Parameters<typeof service>[1]): Health => watchHealth(UNSEEN, told(facts), NOW).health
const LOST: Update = { type: 'lost', code: 'ENGINE_GONE', message: 'The engine has gone away.', hint: undefined }
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const texts = ({ happenings }: ReturnType<typeof watchHealth>) => happenings.map(({ text }) => text)

describe('health', () => {
  it('what is there when the dashboard opens is no event', () => {
    expect(watchHealth(UNSEEN, told({ state: 'unhealthy' }), NOW).happenings).toEqual([])
  })

  it('a service that becomes unhealthy, and recovers after so long', () => {
    const ill = watchHealth(seen({ state: 'running' }), told({ state: 'unhealthy' }), NOW)
    expect(texts(ill)).toEqual(['api became unhealthy'])
    const starting = watchHealth(ill.health, told({ state: 'starting' }), later(5))
    expect(texts(starting)).toEqual([])
    expect(texts(watchHealth(starting.health, told({ state: 'running' }), later(14)))).toEqual([
      'api recovered after 14s',
    ])
  })

  it('one that stops, and one that restarts by itself', () => {
    expect(texts(watchHealth(seen({ state: 'running' }), told({ state: 'stopped' }), NOW))).toEqual(['api stopped'])
    expect(texts(watchHealth(seen({ state: 'running' }), told({ state: 'running' }, 2), NOW))).toEqual([
      'api restarted by itself 2 times',
    ])
  })

  it('what a change stops and starts is none of its own', () => {
    const operation = { command: 'ddalab update', startedAt: '2026-03-01T11:59:48Z', interrupted: false }
    const during = (state: 'stopped' | 'running'): Update => ({
      type: 'snapshot',
      snapshot: snapshot({ services: [service('api', { state })], operation }),
    })
    const stopped = watchHealth(seen({ state: 'running' }), during('stopped'), NOW)
    const started = watchHealth(stopped.health, during('running'), later(3))
    const after = watchHealth(started.health, told({ state: 'running' }), later(6))
    expect([stopped, started, after].flatMap(texts)).toEqual([])
  })

  it('the engine goes, told once, and comes back', () => {
    const gone = watchHealth(seen({ state: 'running' }), LOST, NOW)
    expect(texts(gone)).toEqual(['The engine has gone away.'])
    const still = watchHealth(gone.health, LOST, later(2))
    expect(texts(still)).toEqual([])
    expect(texts(watchHealth(still.health, told({ state: 'running' }), later(6)))).toEqual([
      'engine answers again after 6s',
    ])
  })
})

describe('a session', () => {
  it('hands on what the source tells, reads the past once, and again and again while somebody looks at it', async () => {
    const source = new FakeSource()
    let reads = 0
    const read = async (): Promise<Past> => {
      reads += 1
      return { activities: ACTIVITIES, notice: null }
    }
    const session = new EventsSession({ read }, () => NOW)
    const heard: Update[] = []
    void session.listening(source).watch((update) => heard.push(update), new AbortController().signal)
    source.tell(told({ state: 'running' }))
    source.tell(told({ state: 'unhealthy' }))
    expect(heard).toHaveLength(2)
    await expect.poll(() => reads).toBe(1)
    expect(session.store.get().seen.map(({ text }) => text)).toEqual(['api became unhealthy'])
    session.show(true)
    await expect.poll(() => shownIn(session.store.get()).length).toBe(5)
    source.tell(told({ state: 'running' }))
    await expect.poll(() => reads).toBe(3)
  })
})

it.each([
  [79, 19],
  [159, 43],
  [39, 7],
])('fits into %i columns and %i lines, listed and opened', (width, height) => {
  for (const state of [START, given(past()), given(past(), { type: 'move', steps: 1 }, { type: 'open' })]) {
    const { lines } = eventsView(state, { width, height }, PLAIN)
    expect(lines).toHaveLength(height)
    for (const line of lines) expect(stringWidth(draw(line, width, PLAIN))).toBeLessThanOrEqual(width)
  }
})

it('keys are text while one searches', () => {
  const pressed = (keys: string, isTyping: boolean) =>
    typed(keys).map((press) =>
      press.type === 'key' || press.type === 'text' ? eventsPress(press, { isTyping })?.type : undefined,
    )
  expect(pressed('/vj\r\u001B', false)).toEqual(['search', 'filter', 'move', 'open', 'close'])
  expect(pressed('vj\r\u001B\u007F', true)).toEqual(['text', 'text', 'submit', 'cancel', 'edit'])
})
