import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { KernelEvent } from '../../../src/core/kernel/events.ts'
import { PLAIN, type Style } from '../../../src/ui/cli/style.ts'
import type { ChangeEvent } from '../../../src/ui/tui/change/reducer.ts'
import { type Around, changeView } from '../../../src/ui/tui/change/view/screen.ts'
import { draw } from '../../../src/ui/tui/view/spans.ts'
import { snapshot } from '../support.ts'
import {
  ASKED,
  AT,
  DONE,
  given,
  key,
  keys,
  PLANNED,
  PULL,
  proposed,
  RUNNING,
  START,
  STOP,
  seenAround,
  told,
} from './support.ts'

const SIZES = { '80x24': [79, 19], '160x48': [159, 43], '40x12': [39, 7] } as const

function shown(
  events: readonly ChangeEvent[],
  size: keyof typeof SIZES,
  around: Partial<Around> = {},
  style: Style = PLAIN,
): readonly string[] {
  const [width, height] = SIZES[size]
  const { lines } = changeView(given(...events).state, { ...seenAround, ...around }, { width, height }, style)
  return lines.map((line) => draw(line, width, style))
}
const text = (...of: Parameters<typeof shown>) => `\n${shown(...of).join('\n')}\n`

const done = (operation: typeof PULL, elapsedMs: number): ChangeEvent =>
  told({ type: 'operation.succeeded', operation: operation.id, elapsedMs })
const begun = (operation: typeof PULL, seconds = 0): ChangeEvent =>
  told({ type: 'operation.started', operation: operation.id }, seconds)
const layer = (id: string, current: number) => ({ id, status: 'Downloading', current, total: 40_000_000 })
const PULLING: KernelEvent = {
  type: 'operation.progress',
  operation: PULL.id,
  progress: {
    message: 'pulling',
    current: 20_000_000,
    total: 80_000_000,
    unit: 'bytes',
    layers: [layer('0123456789abcdef', 12_000_000), layer('fedcba9876543210', 8_000_000)],
  },
}
const CAUSE = {
  code: 'UNHEALTHY',
  exit: 8,
  message: 'container lab-web-1 is unhealthy after 30s',
  details: ['the last lines of its log:', 'ERROR cannot reach the database'],
  nextSteps: ['ddalab logs web'],
} as const
const FAILED: readonly ChangeEvent[] = [
  ...RUNNING,
  done(PULL, 2_000),
  done(STOP, 500),
  told({ type: 'operation.failed', operation: START.id, error: CAUSE }),
  told({ type: 'run.verdict', run: 'run-1', verdict: 'undo', cause: CAUSE }),
  told({ type: 'operation.undone', operation: STOP.id }),
  {
    type: 'ended',
    end: {
      kind: 'failed',
      error: {
        ...CAUSE,
        exit: 5,
        message: `${CAUSE.message}; what was begun has been undone`,
        hint: 'Look at its log.',
      },
    },
    at: AT + 34_000,
  },
]

describe('the plan', () => {
  it('80x24: downtime and data stand first, Cancel is in focus', () => {
    const planned = proposed({ warnings: ['web has no health check'], expectedMs: 12_000 })
    expect(text([ASKED, { type: 'planned', planned }], '80x24')).toMatchInlineSnapshot(`
      "
      ┌─ Plan ──────────────────────────────────────────────────────────────────────┐
      │ Plan to deploy lab: 2 changes                                               │
      │ Downtime: web about 3s (it publishes host port 443)                         │
      │ Data: stays as it is                                                        │
      │ Time: about 12s, as the last time                                           │
      │ ▲ web has no health check                                                   │
      │                                                                             │
      │ + image demo:2: pull  not on this engine                                    │
      │ ~ container lab-web-1  image changed                                        │
      │     stop                                                                    │
      │     start                                                                   │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │ [ Cancel ]    Go ahead                                                      │
      └─────────────────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('40x12: scrolled, with the question in sight', () => {
    expect(text([ASKED, PLANNED], '40x12')).toMatchInlineSnapshot(`
      "
      ┌─ Plan (1-4 of 11) ──────────────────┐
      │ Plan to deploy lab: 2 changes       │
      │ Downtime: web about 3s (it          │
      │   publishes host port 443)          │
      │ Data: stays as it is                │
      │ [ Cancel ]    Go ahead              │
      └─────────────────────────────────────┘
      "
    `)
    expect(text([ASKED, PLANNED, key('end')], '40x12')).toContain('[ Cancel ]    Go ahead')
  })

  it('with the loss of data asks for the name, and says when it is not that', () => {
    const planned = proposed({ loss: 'This deletes for good: volume lab_data and its data.' })
    const asked: readonly ChangeEvent[] = [ASKED, { type: 'planned', planned }]
    expect(text([...asked, ...keys('lob'), key('right'), ...keys('\r')], '80x24')).toMatchInlineSnapshot(`
      "
      ┌─ Plan ──────────────────────────────────────────────────────────────────────┐
      │ ▲ This deletes for good: volume lab_data and its data.                      │
      │                                                                             │
      │ Plan to deploy lab: 2 changes                                               │
      │ Downtime: web about 3s (it publishes host port 443)                         │
      │                                                                             │
      │ + image demo:2: pull  not on this engine                                    │
      │ ~ container lab-web-1  image changed                                        │
      │     stop                                                                    │
      │     start                                                                   │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │ Type lab to agree: lob                                                      │
      │   Cancel    [ Go ahead ]  This is not the name.                             │
      └─────────────────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('what stands in the way is told with what to do', () => {
    const error = {
      code: 'PORT_TAKEN',
      exit: 4,
      message: 'Port 443 of this machine is taken.',
      hint: 'Free it.',
      nextSteps: ['ddalab doctor'],
    } as const
    const frame = text([ASKED, { type: 'planned', planned: { kind: 'refused', error } }], '80x24')
    expect(frame).toContain('Port 443 of this machine is taken.')
    expect(frame).toContain('→ Free it.')
    expect(frame).toContain('ddalab doctor -i lab')
  })

  it('that is new because the system has changed says so', () => {
    const stale: ChangeEvent = {
      type: 'ended',
      end: { kind: 'failed', error: { code: 'PLAN_STALE', exit: 4, message: 'The system changed.' } },
      at: AT,
    }
    expect(text([...RUNNING, stale, PLANNED], '80x24')).toContain('The system has changed since you agreed')
  })

  it('the difference of a config is part of it', () => {
    const about = [{ text: '-  port: 1', tone: 'bad' } as const, { text: '+  port: 2', tone: 'good' } as const]
    expect(text([ASKED, { type: 'planned', planned: proposed({ about }) }], '80x24')).toContain('+  port: 2')
  })
})

describe('the progress', () => {
  const events = [...RUNNING, begun(PULL), told(PULLING)]

  it('80x24: steps, layers, rate, elapsed time', () => {
    expect(text(events, '80x24')).toMatchInlineSnapshot(`
      "
      ┌─ ddalab deploy -i lab ──────────────────────────────────────────────────────┐
      │ 0 of 3 steps done   12s                                                     │
      │ ◐ image demo:2: pull  pulling  20.0 MB of 80.0 MB  1.7 MB/s  12s            │
      │     0123456789ab  ██████░░░░░░░░░░░░░░  12.0 MB of 40.0 MB  Downloading     │
      │     fedcba987654  ████░░░░░░░░░░░░░░░░  8.0 MB of 40.0 MB  Downloading      │
      │ · container lab-web-1: stop                                                 │
      │ · container lab-web-1: start                                                │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      └─────────────────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('160x48', () => {
    expect(text(events, '160x48').split('\n').slice(0, 8).join('\n')).toMatchInlineSnapshot(`
      "
      ┌─ ddalab deploy -i lab ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
      │ 0 of 3 steps done   12s                                                                                                                                     │
      │ ◐ image demo:2: pull  pulling  20.0 MB of 80.0 MB  1.7 MB/s  12s                                                                                            │
      │     0123456789ab  ██████░░░░░░░░░░░░░░  12.0 MB of 40.0 MB  Downloading                                                                                     │
      │     fedcba987654  ████░░░░░░░░░░░░░░░░  8.0 MB of 40.0 MB  Downloading                                                                                      │
      │ · container lab-web-1: stop                                                                                                                                 │
      │ · container lab-web-1: start                                                                                                                                │"
    `)
  })

  it('40x12: the step that is under way is in sight', () => {
    const frame = text([...RUNNING, done(PULL, 1), done(STOP, 1), begun(START)], '40x12')
    expect(frame).toContain('◐ container lab-web-1: start')
    expect(frame).toContain('2 of 3 steps done')
  })

  it('the undo is shown as it happens', () => {
    const undoing = told({ type: 'operation.undoing', operation: STOP.id }, 10)
    const verdict = told({ type: 'run.verdict', run: 'run-1', verdict: 'undo' })
    const frame = text([...RUNNING, done(PULL, 1), done(STOP, 1), ...keys('c'), verdict, undoing], '80x24')
    expect(frame).toContain('Undoing: 0 steps undone   12s')
    expect(frame).toContain('◐ container lab-web-1: stop  undoing  2s')
  })
})

describe('the result', () => {
  it('says how long it took, what runs now, and what there is to know', () => {
    const end = { ...DONE, notes: ['The backup is b-1.'], warnings: ['web is unhealthy'] }
    const events: readonly ChangeEvent[] = [...RUNNING, done(PULL, 2_000), { type: 'ended', end, at: AT + 7_000 }]
    const frame = text(events, '80x24', { snapshot: snapshot() })
    expect(frame).toContain('✔ Done after 7s: ddalab deploy -i lab')
    expect(frame).toContain('The backup is b-1.')
    expect(frame).toContain('▲ web is unhealthy')
    expect(frame).toContain('● postgres  running  16.4')
  })

  it('80x24: a failure with its cause, the log, what was undone and what helps', () => {
    expect(text(FAILED, '80x24')).toMatchInlineSnapshot(`
      "
      ┌─ Result (1-17 of 18) ───────────────────────────────────────────────────────┐
      │ ✖ Failed after 34s                                                          │
      │   container lab-web-1 is unhealthy after 30s; what was begun has been       │
      │   undone                                                                    │
      │                                                                             │
      │   | the last lines of its log:                                              │
      │   | ERROR cannot reach the database                                         │
      │                                                                             │
      │ What to do                                                                  │
      │   → Look at its log.                                                        │
      │     ddalab logs web -i lab                                                  │
      │                                                                             │
      │ Undone                                                                      │
      │ ↩ container lab-web-1: stop                                                 │
      │                                                                             │
      │ Steps                                                                       │
      │ ✔ image demo:2: pull  2s                                                    │
      │ ↩ container lab-web-1: stop  undone  0.5s                                   │
      └─────────────────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('nothing but a cancel is no failure', () => {
    const end = { kind: 'failed', error: { code: 'INTERRUPTED', exit: 130, message: 'Cancelled.' } } as const
    const cancelled = [...RUNNING, ...keys('c'), { type: 'ended', end, at: AT + 2_000 } as const]
    expect(text(cancelled, '80x24')).toContain('Cancelled and undone after 2s')
    const early = [...RUNNING.slice(0, -1), ...keys('c'), { type: 'ended', end, at: AT } as const]
    expect(text(early, '80x24')).toContain('Cancelled: nothing was changed')
  })
})

it('with nothing to do it says how to begin, and what is under way elsewhere', () => {
  const operation = { command: 'ddalab update', startedAt: new Date(AT).toISOString(), interrupted: false }
  const frame = text([], '80x24', { snapshot: snapshot({ operation }) })
  expect(frame).toContain('◐ Under way elsewhere: ddalab update, begun 12s ago')
  expect(frame).toContain('d   deploy')
  expect(text([], '80x24', { isReadOnly: true })).not.toContain('d   deploy')
})

it('no terminal is overrun, and none gets a control character from outside', () => {
  const evil = '\u001B[2J\u0000\u009B31m\u202Ex\nnext'
  const planned = proposed({ warnings: [evil], loss: evil, about: [{ text: evil }] })
  const end = { kind: 'failed', error: { ...CAUSE, message: evil, details: [evil], hint: evil } } as const
  const states: readonly (readonly ChangeEvent[])[] = [
    [],
    [ASKED],
    [ASKED, { type: 'planned', planned }],
    [...RUNNING, begun(PULL), told(PULLING)],
    [...RUNNING, { type: 'ended', end, at: AT }],
    FAILED,
  ]
  for (const events of states) {
    for (const [width, height] of [...Object.values(SIZES), [39, 5], [200, 60]] as const) {
      const { lines } = changeView(given(...events).state, seenAround, { width, height }, PLAIN)
      expect(lines).toHaveLength(height)
      for (const line of lines.map((spans) => draw(spans, width, PLAIN))) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width)
        expect(line).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/)
      }
    }
  }
})
