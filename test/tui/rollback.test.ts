import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { RollbackPoint } from '../../src/core/actions/rollback/points.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { rollbackPress } from '../../src/ui/tui/rollback/keys.ts'
import { RollbackSession } from '../../src/ui/tui/rollback/session.ts'
import type { PointSource, Preview } from '../../src/ui/tui/rollback/source.ts'
import {
  decide,
  previewKey,
  type RollbackAction,
  type RollbackState,
  reduceRollback,
  START,
} from '../../src/ui/tui/rollback/state.ts'
import { rollbackView } from '../../src/ui/tui/rollback/view.ts'
import { draw } from '../../src/ui/tui/view/spans.ts'
import { POINTS, point, preview, release } from './rollback-support.ts'
import { NOW, typed } from './support.ts'

const given = (...actions: readonly RollbackAction[]): RollbackState => actions.reduce(reduceRollback, START)
const listed: RollbackAction = { type: 'points', points: { kind: 'loaded', value: POINTS } }
const previewed = (state: RollbackState, value: Preview) =>
  reduceRollback(state, { type: 'preview', key: previewKey(state) ?? '', preview: { kind: 'loaded', value } })

const screen = (state: RollbackState, width = 79, height = 19): string =>
  rollbackView(state, { width, height }, NOW, PLAIN)
    .lines.map((line) => draw(line, width, PLAIN))
    .join('\n')

describe('the points', () => {
  it('are listed newest first with what is in them, and what speaks against them', () => {
    const text = screen(given(listed))
    expect(text).toMatch(/● r-0003 +2\.3\.0 +6d +images\+config +● runs now/)
    expect(text).toMatch(/▸ {2}r-0002 +2\.2\.0 +7d +images\+config\+data +✔ whole/)
    expect(text).toMatch(/r-0001 +2\.1\.0 .*✖ image gone: api/)
  })

  it('the cursor begins at what a rollback without a name would go back to', () => {
    expect(given(listed).selected).toBe('r-0002')
    expect(given({ type: 'points', points: { kind: 'loaded', value: [point(1, { current: true })] } }).selected).toBe(
      'r-0001',
    )
  })

  it('a version that failed here once is marked, with why', () => {
    const marked = point(2, { ...POINTS[2], release: release(2), missing: [] })
    const state = given({ type: 'points', points: { kind: 'loaded', value: [point(3, { current: true }), marked] } })
    expect(screen(state)).toContain('▲ failed here')
    expect(screen(state)).toContain('An update to 2.1.0 failed here 1d ago: api did not become healthy')
  })

  it('is not checked where no engine answers, and damaged where nothing is kept to go back with', () => {
    const points = [
      point(3, { current: true }),
      point(2, { missing: null }),
      point(1, { hasStack: false, hasConfig: false }),
    ]
    const text = screen(given({ type: 'points', points: { kind: 'loaded', value: points } }))
    expect(text).toContain('not checked')
    expect(text).toContain('✖ record damaged')
  })

  it('nothing deployed, or nothing readable, is said', () => {
    expect(screen(START)).toContain('Looking at the rollback points')
    expect(screen(given({ type: 'points', points: { kind: 'loaded', value: [] } }))).toContain(
      'Nothing has been deployed',
    )
    const failed = {
      kind: 'failed',
      message: 'r-0001.json cannot be read.',
      hint: 'Move it away.',
      problems: [],
    } as const
    expect(screen(given({ type: 'points', points: failed }))).toContain('r-0001.json cannot be read. Move it away.')
  })

  it('a new release begins anew; the same points again leave the cursor where it is', () => {
    const state = given(listed, { type: 'move', steps: 1 })
    expect(reduceRollback(state, listed).selected).toBe('r-0001')
    const later = [point(4, { current: true }), point(3), point(2)]
    expect(reduceRollback(state, { type: 'points', points: { kind: 'loaded', value: later } }).selected).toBe('r-0003')
  })
})

describe('the difference to now', () => {
  it('images with version and id, settings, downtime, and what happens to the data', () => {
    const text = screen(previewed(given(listed), preview(release(2))), 79, 30)
    expect(text).toContain('Changes   4 resources')
    expect(text).toContain('Downtime  api about 3 s: its volume has one writer')
    expect(text).toContain('Images    api 2.3.0 (333333333333) → 2.2.0 (222222222222)')
    expect(text).toContain('Data      stays as it is; 2.2.0 has to be able to read it. D puts it back')
    expect(text).toContain('-  domain: new.example.org')
    expect(text).toContain('+  domain: old.example.org')
  })

  it('shows the images of the records while the rest is being read', () => {
    const text = screen(given(listed))
    expect(text).toContain('api 2.3.0 (333333333333) → 2.2.0 (222222222222)')
    expect(text).toContain('Looking at what it would change')
  })

  it('D says how many hours of data would be lost', () => {
    const state = given(listed, { type: 'data' })
    const loss = { since: '2026-02-23T12:00:00Z', hours: 144 }
    const { rollback } = preview(release(2))
    const data = { backup: 'b-20260223-120000', loss }
    const text = screen(previewed(state, preview(release(2), { rollback: { ...rollback, data } })), 79, 30)
    expect(text).toContain('data included')
    expect(text).toContain('back to b-20260223-120000. What was written since')
    expect(text).toContain('(144 hours ago) is')
  })

  it('why a point cannot be gone back to stands there, with what to do', () => {
    const state = given(listed, { type: 'move', steps: 1 })
    const problem = { message: 'The image lab/api:2.1.0 is no longer on this engine.', hint: 'docker pull lab/api@x' }
    const failed = { kind: 'failed', message: 'Cannot rollback "lab"', hint: undefined, problems: [problem] } as const
    const after = reduceRollback(state, { type: 'preview', key: previewKey(state) ?? '', preview: failed })
    expect(screen(after)).toContain('✖ The image lab/api:2.1.0 is no longer on this engine.')
    expect(screen(after)).toContain('→ docker pull lab/api@x')
    expect(decide(after)).toEqual({ kind: 'tell', text: problem.message })
  })

  it('is scrolled no further than its end, and z gives it the whole screen', () => {
    const state = previewed(given(listed), preview(release(2)))
    const { reach, page } = rollbackView(state, { width: 79, height: 14 }, NOW, PLAIN)
    expect(reach).toBeGreaterThan(0)
    const down = reduceRollback(state, { type: 'scroll', lines: 100 * page, reach })
    expect(down.top).toBe(reach)
    expect(screen(down, 79, 14)).toContain('+  domain: old.example.org')
    expect(screen(reduceRollback(state, { type: 'zoom' }), 39, 7)).toContain('r-0002 (2.2.0)')
  })
})

describe('Enter', () => {
  it('asks for the change, with the data where that was wanted', () => {
    const state = previewed(given(listed), preview(release(2)))
    const request = { kind: 'rollback', release: 'r-0002', restoreData: false }
    expect(decide(state)).toEqual({ kind: 'ask', request })
    const withData = previewed(reduceRollback(state, { type: 'data' }), preview(release(2)))
    expect(decide(withData)).toEqual({ kind: 'ask', request: { ...request, restoreData: true } })
  })

  it('waits for no preview: the plan says the same', () => {
    expect(decide(given(listed))).toMatchObject({ kind: 'ask' })
  })

  it('asks for nothing where there is nothing to go back to, and where nothing would change', () => {
    expect(decide(START)).toMatchObject({ kind: 'tell' })
    const same = previewed(given(listed), preview(release(2), { changes: 0 }))
    expect(decide(same)).toEqual({ kind: 'tell', text: 'r-0002 is what runs: there is nothing to change.' })
  })

  it('D does nothing where there is no backup, and the next point is without data again', () => {
    expect(given(listed, { type: 'data' }, { type: 'move', steps: -1 }).restoresData).toBe(false)
    expect(given(listed, { type: 'move', steps: -1 }, { type: 'data' }).restoresData).toBe(false)
  })
})

it.each([
  [79, 19],
  [159, 43],
  [39, 7],
])('fits into %i columns and %i lines, with and without a preview', (width, height) => {
  for (const state of [START, given(listed), previewed(given(listed), preview(release(2)))]) {
    const { lines } = rollbackView(state, { width, height }, NOW, PLAIN)
    expect(lines).toHaveLength(height)
    for (const line of lines) expect(stringWidth(draw(line, width, PLAIN))).toBeLessThanOrEqual(width)
  }
  expect(screen(given(listed), width, height)).toContain('r-0002')
})

it('every key of the help does something', () => {
  for (const key of ['j', 'k', ' ', 'b', 'D', 'z', 'r', '\r']) {
    const [press] = typed(key)
    expect(press?.type === 'key' || press?.type === 'text' ? rollbackPress(press) : undefined, key).toBeDefined()
  }
})

describe('what is read', () => {
  class Points implements PointSource {
    readonly asked: string[] = []
    readonly stopped: string[] = []
    points = async (): Promise<readonly RollbackPoint[]> => POINTS
    preview = (id: string, restoreData: boolean, signal: AbortSignal): Promise<Preview> => {
      const name = `${id}${restoreData ? ' with data' : ''}`
      this.asked.push(name)
      signal.addEventListener('abort', () => this.stopped.push(name))
      return id === 'r-0001' ? new Promise(() => undefined) : Promise.resolve(preview(release(Number(id.slice(-1)))))
    }
  }

  const opened = async () => {
    const source = new Points()
    const session = new RollbackSession(source, 0)
    session.look('now')
    await expect.poll(() => session.store.get().previews.size).toBe(1)
    return { source, session }
  }

  it('a preview is made once for a point, and kept', async () => {
    const { source, session } = await opened()
    session.act({ type: 'move', steps: -1 })
    await expect.poll(() => session.store.get().previews.size).toBe(2)
    session.act({ type: 'move', steps: 1 })
    session.look('now')
    expect(source.asked).toEqual(['r-0002', 'r-0003'])
    session.act({ type: 'data' })
    await expect.poll(() => source.asked.at(-1)).toBe('r-0002 with data')
  })

  it('one that is being made is given up when the cursor goes on', async () => {
    const { source, session } = await opened()
    session.act({ type: 'move', steps: 1 })
    await expect.poll(() => source.asked.at(-1)).toBe('r-0001')
    session.act({ type: 'move', steps: -1 })
    expect(source.stopped).toContain('r-0001')
  })

  it('is read again when something is deployed, and at the key for it', async () => {
    const { source, session } = await opened()
    session.reload()
    await expect.poll(() => source.asked.length).toBe(2)
    session.close()
  })
})
