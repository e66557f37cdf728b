import { describe, expect, it } from 'vitest'
import { createEventBus, type KernelEvent, type StampedEvent } from '../../src/core/kernel/events.ts'
import { operationId } from '../../src/core/kernel/plan.ts'
import { createOutput } from '../../src/ui/cli/output.ts'
import { liveProgress } from '../../src/ui/cli/progress/live-progress.ts'
import { plainProgress } from '../../src/ui/cli/progress/progress-view.ts'
import { NO_RUN, nextState } from '../../src/ui/cli/progress/run-state.ts'
import { runLines } from '../../src/ui/cli/progress/step-lines.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const PULL = operationId('image.pull', 'demo:2')
const CREATE = operationId('container.create', 'web-1')
const WAIT = operationId('container.awaitHealthy', 'web-1')

const RUN: KernelEvent = {
  type: 'run.started',
  run: 'r1',
  action: 'deploy',
  instance: 'lab',
  operations: [
    { id: PULL, kind: 'image.pull', resource: 'image demo:2', effect: 'pull it', phase: 'apply' },
    {
      id: CREATE,
      kind: 'container.create',
      resource: 'container lab-web-1',
      effect: 'create from demo:2',
      phase: 'apply',
    },
    {
      id: WAIT,
      kind: 'container.awaitHealthy',
      resource: 'container lab-web-1',
      effect: 'wait until healthy',
      phase: 'apply',
    },
  ],
}
const PULLING: readonly KernelEvent[] = [
  RUN,
  { type: 'operation.started', operation: PULL },
  {
    type: 'operation.progress',
    operation: PULL,
    progress: {
      message: 'Downloading',
      current: 12_300_000,
      total: 40_100_000,
      unit: 'bytes',
      layers: [
        { id: '4f4fb700ef54aabb', status: 'Downloading', current: 10_000_000, total: 20_000_000 },
        { id: 'c1ec31eb5944aabb', status: 'Waiting', current: 0, total: 20_100_000 },
        { id: 'done', status: 'Pull complete', current: 5, total: 5 },
      ],
    },
  },
]
const error = { code: 'UNHEALTHY', exit: 8, message: 'web did not become healthy' } as const
const FAILING: readonly KernelEvent[] = [
  RUN,
  { type: 'operation.started', operation: PULL },
  { type: 'operation.succeeded', operation: PULL, elapsedMs: 2000 },
  { type: 'operation.started', operation: CREATE },
  { type: 'operation.succeeded', operation: CREATE, elapsedMs: 40 },
  { type: 'operation.started', operation: WAIT },
  { type: 'operation.failed', operation: WAIT, error },
  { type: 'run.verdict', run: 'r1', verdict: 'undo', cause: error },
  { type: 'operation.undoing', operation: CREATE },
  { type: 'operation.undone', operation: CREATE },
  { type: 'run.finished', run: 'r1', result: 'rolled-back', elapsedMs: 65_000 },
]

function stamped(events: readonly KernelEvent[]): StampedEvent[] {
  const all: StampedEvent[] = []
  const bus = createEventBus(() => new Date(START))
  bus.subscribe((event) => all.push(event))
  for (const event of events) bus.emit(event)
  return all
}

const lines = (events: readonly KernelEvent[], height: number, width = Number.POSITIVE_INFINITY): string =>
  runLines(stamped(events).reduce(nextState, NO_RUN), { ...PLAIN, width }, height, START + 12_000).join('\n')

describe('the list of steps', () => {
  it('shows a pull by layer in bytes, its rate, and how long it takes', () => {
    expect(lines(PULLING, 24)).toMatchInlineSnapshot(`
      "deploy lab
        ◐ image demo:2: pull it  Downloading  12.3 MB of 40.1 MB  833 kB/s  12s
            4f4fb700ef54  ██████████░░░░░░░░░░  10.0 MB of 20.0 MB  Downloading
            c1ec31eb5944  ░░░░░░░░░░░░░░░░░░░░  0 B of 20.1 MB  Waiting
        · container lab-web-1: create from demo:2
        · container lab-web-1: wait until healthy"
    `)
  })

  it('fits 60 columns', () => {
    expect(lines(PULLING, 24, 60)).toMatchInlineSnapshot(`
      "deploy lab
        ◐ image demo:2: pull it  Downloading  12.3 MB of 40.1 MB …
            4f4fb700ef54  ██████████░░░░░░░░░░  10.0 MB of 20.0 …
            c1ec31eb5944  ░░░░░░░░░░░░░░░░░░░░  0 B of 20.1 MB  …
        · container lab-web-1: create from demo:2
        · container lab-web-1: wait until healthy"
    `)
  })

  it('given a low terminal, keeps what runs and counts the rest', () => {
    expect(lines(PULLING, 4)).toMatchInlineSnapshot(`
      "deploy lab
        ◐ image demo:2: pull it  Downloading  12.3 MB of 40.1 MB  833 kB/s  12s
        0 of 3 steps done, 2 waiting"
    `)
  })

  it('shows what failed and what was undone', () => {
    expect(lines(FAILING, 24)).toMatchInlineSnapshot(`
      "Undone: deploy lab
        ✔ image demo:2: pull it  2s
        ↩ container lab-web-1: create from demo:2  undone
        ✖ container lab-web-1: wait until healthy  web did not become healthy"
    `)
  })
})

/** A stream that keeps what was written. */
function memory(rows?: number) {
  const written: string[] = []
  const output = createOutput(() => ({ rows, write: (text) => written.push(text) > 0, on: () => undefined }))
  return { output, text: () => written.join('') }
}

describe('off a terminal', () => {
  it('every event is a line', () => {
    const { output, text } = memory()
    const view = plainProgress(output, PLAIN, false)
    for (const event of stamped(FAILING)) view.show(event)
    expect(text()).toMatchInlineSnapshot(`
      "deploy lab: 3 steps
      → image demo:2: pull it
      ✔ image demo:2: pull it (2s)
      → container lab-web-1: create from demo:2
      ✔ container lab-web-1: create from demo:2 (0s)
      → container lab-web-1: wait until healthy
      ✖ container lab-web-1: wait until healthy: web did not become healthy
      Undoing: web did not become healthy
      ↩ undone: container lab-web-1: create from demo:2
      undone after 1m 5s
      "
    `)
  })
})

describe('on a terminal', () => {
  const frames: (() => void)[] = []
  const clock = {
    now: () => START + 3000,
    every: (_ms: number, callback: () => void) => {
      frames.push(callback)
      return () => void frames.splice(0)
    },
  }

  it('draws the first frame with the first event, redraws in place, says things above, and leaves the list', () => {
    const { output, text } = memory(24)
    const view = liveProgress(output, () => PLAIN, clock)
    const [first, ...rest] = stamped(FAILING)
    if (first !== undefined) view.show(first)
    expect(text()).toContain('deploy lab')
    view.above('a word\n')
    for (const event of rest) view.show(event)
    expect(text().replaceAll('\u001B', '^')).toMatchInlineSnapshot(`
      "^[?25ldeploy lab
        · image demo:2: pull it
        · container lab-web-1: create from demo:2
        · container lab-web-1: wait until healthy
      ^[4A
      ^[0Ja word
      deploy lab
        · image demo:2: pull it
        · container lab-web-1: create from demo:2
        · container lab-web-1: wait until healthy
      ^[4A
      ^[0JUndoing: web did not become healthy
      Undoing: deploy lab
        ✔ image demo:2: pull it  2s
        ✔ container lab-web-1: create from demo:2
        ✖ container lab-web-1: wait until healthy  web did not become healthy
      ^[4A
      ^[2KUndone: deploy lab
      ^[2K  ✔ image demo:2: pull it  2s
      ^[2K  ↩ container lab-web-1: create from demo:2  undone
      ^[2K  ✖ container lab-web-1: wait until healthy  web did not become healthy
      ^[0J^[?25h"
    `)
    expect(frames).toEqual([])
  })

  it('shows the steps of an earlier run that is recovered, and no list after its end', () => {
    const { output, text } = memory(24)
    const view = liveProgress(output, () => PLAIN, clock)
    const recovery: readonly KernelEvent[] = [
      { type: 'run.recovering', run: 'r0', verdict: 'undo', startedAt: '2026-03-01T11:00:00Z' },
      { type: 'operation.undoing', operation: CREATE },
      { type: 'operation.undone', operation: CREATE },
      { type: 'run.finished', run: 'r0', result: 'rolled-back', elapsedMs: 10 },
    ]
    for (const event of stamped(recovery)) view.show(event)
    view.above('a word\n')
    expect(text().replaceAll('\u001B', '^')).toMatchInlineSnapshot(`
      "^[?25lAn earlier run (r0, started 2026-03-01T11:00:00Z) did not end: undoing it first.
      Undoing: run r0
      ^[1A
      ^[2KUndone: run r0
      ^[2K  ↩ container.create:web-1  undone
      ^[0J^[?25ha word
      "
    `)
  })

  it('given an end in the middle, puts the cursor back', () => {
    const { output, text } = memory(24)
    const view = liveProgress(output, () => PLAIN, clock)
    for (const event of stamped(PULLING)) view.show(event)
    view.close()
    expect(text().endsWith('\u001B[?25h')).toBe(true)
  })
})
