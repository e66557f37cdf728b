import fc from 'fast-check'
import { renderToString } from 'ink'
import { describe, expect, test } from 'vitest'
import { PLAIN } from '../../../src/ui/cli/style.ts'
import { clipboardSequence, LogsScreen, savedText } from '../../../src/ui/tui/logs/index.ts'
import { columns } from '../../../src/ui/tui/logs/width.ts'
import { logLine, Viewer } from './support.ts'

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => logLine(`line ${from + at}`, from + at))
const texts = ({ rows }: Viewer) => rows.map((row) => row.slice(15))

describe('the logs on the screen', () => {
  test('follow the last lines as they come', () => {
    const viewer = new Viewer(60, 4).logs(...numbered(10))
    expect(viewer.screen).toEqual([
      '  00:00:00.007 line 7',
      '  00:00:00.008 line 8',
      '  00:00:00.009 line 9',
      ' FOLLOW ▼  wrap off  10 lines',
    ])
    viewer.logs(logLine('line 10', 10))
    expect(texts(viewer)).toEqual(['line 8', 'line 9', 'line 10'])
  })

  test('stand still once the cursor was moved, whatever comes, and say how much came', () => {
    const viewer = new Viewer(60, 4).logs(...numbered(10)).act({ type: 'move', lines: -1 })
    expect(viewer.rows).toEqual(['  00:00:00.007 line 7', '> 00:00:00.008 line 8', '  00:00:00.009 line 9'])
    viewer.logs(...numbered(500, 10))
    expect(texts(viewer)).toEqual(['line 7', 'line 8', 'line 9'])
    expect(viewer.status).toContain('PAUSED, 500 new')
    viewer.act({ type: 'follow' })
    expect(texts(viewer)).toEqual(['line 507', 'line 508', 'line 509'])
  })

  test('pages go up and down, and down at the end means to follow', () => {
    const viewer = new Viewer(60, 5).logs(...numbered(20)).act({ type: 'page', pages: -1 })
    expect(texts(viewer)).toEqual(['line 12', 'line 13', 'line 14', 'line 15'])
    viewer.act({ type: 'page', pages: 1 })
    expect(texts(viewer)).toEqual(['line 16', 'line 17', 'line 18', 'line 19'])
    expect(viewer.state.follows).toBe(false)
    viewer.act({ type: 'page', pages: 1 })
    expect(viewer.state.follows).toBe(true)
    viewer.act({ type: 'start' })
    expect(viewer.rows[0]).toBe('> 00:00:00.000 line 0')
  })

  test('merge services by time and name them', () => {
    const viewer = new Viewer(60, 4).logs(logLine('second', 2, 'web'), logLine('first', 1, 'api'))
    expect(viewer.rows).toEqual(['  00:00:00.001 api first', '  00:00:00.002 web second', ''])
    viewer.act({ type: 'services', services: ['web'] })
    expect(viewer.rows).toEqual(['  00:00:00.002 second', '', ''])
  })

  test('wrap long lines, wide characters whole; without wrapping one moves sideways', () => {
    const viewer = new Viewer(14, 5).act({ type: 'timestamps' }).logs(logLine('宽'.repeat(8), 0), logLine('b', 1))
    expect(viewer.rows[0]).toBe(`  ${'宽'.repeat(5)}…`)
    viewer.act({ type: 'sideways', characters: 4 })
    expect(viewer.rows[0]).toBe('  …宽宽宽')
    viewer.act({ type: 'wrap' })
    expect(viewer.rows).toEqual([`  ${'宽'.repeat(6)}`, '  宽宽', '  b', ''])
  })

  test('moved sideways onto an accent, a row is no wider than the area', () => {
    const viewer = new Viewer(5, 2).logs(logLine('A\u0300⺀!', 0))
    viewer.act({ type: 'sideways', characters: 1 })
    expect(columns(viewer.screen[0] ?? '')).toBe(4)
    expect(viewer.screen[0]).toBe('  …!')
  })

  test('a line of a megabyte is read row by row and does not take the view', () => {
    const viewer = new Viewer(40, 6).logs(logLine('before', 0), logLine('x'.repeat(1_000_000), 1), logLine('after', 2))
    viewer.act({ type: 'wrap' }, { type: 'start' })
    expect(viewer.rows[0]).toContain('before')
    viewer.act({ type: 'move', lines: 1 })
    const first = viewer.state.top
    viewer.act({ type: 'move', lines: 1 })
    expect(viewer.state.top).not.toEqual(first)
    viewer.act({ type: 'end' })
    expect(viewer.rows.at(-1)).toContain('after')
    expect(viewer.rows.at(-2)).toContain('…')
  })

  test('are never wider nor higher than the area, whatever the lines, and steer nothing', () => {
    const line = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('utf8'))
    const mixed = fc.oneof(
      line,
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constant('宽\x1B[31m👍🏽'.repeat(9)),
    )
    fc.assert(
      fc.property(
        fc.array(mixed, { maxLength: 12 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.nat(20),
        (lines, width, height, wraps, sideways) => {
          const viewer = new Viewer(width, height).logs(
            ...lines.map((text, at) => logLine(text, at, at % 2 ? 'api' : '数据库')),
          )
          if (wraps) viewer.act({ type: 'wrap' })
          viewer.act({ type: 'sideways', characters: sideways }, { type: 'move', lines: -2 })
          expect(viewer.screen.length).toBeLessThanOrEqual(Math.max(1, height))
          for (const row of viewer.screen) {
            expect(row).not.toMatch(/[\0-\x1F\x7F-\x9F]/)
            // A cell too few for a wide character holds it nevertheless; what cuts to the pane takes it off.
            if (width > 3) expect(columns(row)).toBeLessThanOrEqual(width)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('are a component of exactly the area', () => {
    const viewer = new Viewer(40, 4).logs(...numbered(9))
    const { model, state, area } = viewer
    const frame = renderToString(
      <LogsScreen model={model} version={model.version} state={state} area={area} style={PLAIN} />,
      {
        columns: 40,
      },
    )
    expect(frame.split('\n').map((line) => line.trimEnd())).toEqual(viewer.screen)
  })
})

describe('searching', () => {
  const lines = Array.from({ length: 40 }, (_, at) => logLine(at % 10 === 3 ? `ERROR ${at}` : `fine ${at}`, at))

  test('counts while one types, jumps to the last match, and on', () => {
    const viewer = new Viewer(60, 6)
      .logs(...lines)
      .act({ type: 'ask', purpose: 'search' })
      .type('err')
    expect(viewer.status).toMatch(/^ Search \(plain\): err▏ +4 found$/)
    viewer.act({ type: 'submit' })
    expect(viewer.status).toContain('/err 4 of 4')
    expect(viewer.rows.find((row) => row.startsWith('>'))).toContain('ERROR 33')
    viewer.act({ type: 'match', direction: 'previous' })
    expect(viewer.status).toContain('/err 3 of 4')
    viewer.act({ type: 'match', direction: 'next' }, { type: 'match', direction: 'next' })
    expect(viewer.status).toContain('The first match')
    expect(viewer.rows.find((row) => row.startsWith('>'))).toContain('ERROR 3')
  })

  test('Esc brings back what was searched before', () => {
    const viewer = new Viewer(60, 6)
      .logs(...lines)
      .act({ type: 'ask', purpose: 'search' })
      .type('fine')
    viewer
      .act({ type: 'submit' }, { type: 'ask', purpose: 'search' }, { type: 'edit', how: 'deleteToStart' })
      .type('zzz')
    viewer.act({ type: 'cancel' })
    expect(viewer.state.criteria.search.text).toBe('fine')
    expect(viewer.state.input).toBeUndefined()
  })

  test('a jump waits for a match that is not found yet', () => {
    const viewer = new Viewer(60, 6).logs(...lines)
    viewer.state = {
      ...viewer.state,
      seeks: true,
      criteria: { ...viewer.state.criteria, search: { text: 'ERROR 3', mode: 'plain', inverse: false } },
    }
    viewer.act({ type: 'judged' })
    expect(viewer.state.seeks).toBe(true)
    viewer.judge()
    expect(viewer.state.seeks).toBe(false)
    expect(viewer.rows.find((row) => row.startsWith('>'))).toContain('ERROR 33')
  })

  test('a match far to the right of a long line comes in sight', () => {
    const viewer = new Viewer(60, 4)
      .logs(logLine(`${'-'.repeat(500)}needle`, 0))
      .act({ type: 'ask', purpose: 'search' })
    viewer.type('needle').act({ type: 'submit' })
    expect(viewer.rows[0]).toContain('needle')
  })

  test('a filter hides, its inverse shows the others, a range and a level narrow', () => {
    const viewer = new Viewer(60, 6)
      .logs(...lines)
      .act({ type: 'ask', purpose: 'filter' })
      .type('error')
    expect(viewer.status).toMatch(/Show only \(plain\): error▏ +4 lines/)
    viewer.act({ type: 'inverse' }, { type: 'submit' })
    expect(viewer.status).toContain('&!error  wrap off  36 of 40 lines')
    viewer.act({ type: 'clear' }, { type: 'level', level: 'warn' })
    expect(texts(viewer)).toEqual(['ERROR 3', 'ERROR 13', 'ERROR 23', 'ERROR 33', ''])
    const now = Date.UTC(2026, 0, 1) + 39
    viewer.act({ type: 'range', milliseconds: 20, now })
    expect(texts(viewer).slice(0, 2)).toEqual(['ERROR 23', 'ERROR 33'])
  })

  test('of several services those are shown whose names have one of the words', () => {
    const services = ['api', 'postgres', 'redis', 'web']
    const viewer = new Viewer(70, 6)
      .logs(...services.map((service, at) => logLine(`says ${service}`, at, service)))
      .act({ type: 'ask', purpose: 'services' })
      .type('post, we')
    expect(viewer.status).toMatch(/Only services: post, we▏ +postgres, web$/)
    expect(texts(viewer).slice(0, 2)).toEqual(['postgres says postgres', 'web      says web'])
    viewer.act({ type: 'submit' })
    expect(viewer.status).toContain('only postgres, web')
    viewer.act({ type: 'ask', purpose: 'services' })
    viewer.act({ type: 'edit', how: 'deleteToStart' })
    expect(viewer.status).toMatch(/all$/)
    viewer.type('mail')
    expect(viewer.status).toContain('none of api')
    expect(texts(viewer).join('')).toBe('')
  })

  test('the mode goes from plain to pattern to fuzzy, and a faulty pattern says so', () => {
    const viewer = new Viewer(70, 4)
      .logs(...lines)
      .act({ type: 'ask', purpose: 'search' }, { type: 'queryMode' })
      .type('(')
    expect(viewer.status).toMatch(/Search \(regex\): \(▏ +Unterminated group$/)
    viewer.act({ type: 'queryMode' })
    expect(viewer.status).toContain('Search (fuzzy)')
  })
})

describe('taking lines out', () => {
  test('copies the line of the cursor, or those that are marked', () => {
    const viewer = new Viewer(60, 6).logs(...numbered(9)).act({ type: 'timestamps' }, { type: 'copy' })
    expect(viewer.effects).toEqual([{ type: 'copy', text: 'line 8', lines: 1 }])
    viewer.act(
      { type: 'move', lines: -3 },
      { type: 'mark' },
      { type: 'move', lines: 2 },
      { type: 'markTo' },
      { type: 'copy' },
    )
    expect(viewer.effects.at(-1)).toEqual({ type: 'copy', text: 'line 5\nline 6\nline 7', lines: 3 })
    expect(viewer.status).toContain('Copied 3 lines.')
    viewer.act({ type: 'toMark', direction: 'previous' })
    expect(viewer.rows.find((row) => row.startsWith('>*'))).toContain('line 6')
    expect(clipboardSequence('é')).toBe('\x1B]52;c;w6k=\x07')
  })

  test('does not copy what a terminal would drop, and says what to do', () => {
    const viewer = new Viewer(80, 6).logs(logLine('x'.repeat(80_000), 0)).act({ type: 'copy' })
    expect(viewer.effects).toEqual([])
    expect(viewer.status).toContain('save it with s')
  })

  test('saves what is shown, with times and names, in pieces', () => {
    const viewer = new Viewer(60, 6).logs(...numbered(5_000), logLine('other', 5, 'web'))
    viewer.act({ type: 'ask', purpose: 'save' }).type('/tmp/my logs.txt').act({ type: 'submit' })
    const [effect] = viewer.effects
    if (effect?.type !== 'save') throw new Error('nothing to save')
    expect(effect).toEqual({ type: 'save', path: '/tmp/my logs.txt', marks: [], timestamps: true, labels: true })
    const pieces = [...savedText(effect, viewer.model.search)]
    const saved = pieces.join('').split('\n')
    expect(pieces.length).toBeGreaterThan(1)
    expect(saved).toHaveLength(5_002)
    expect(saved[6]).toBe('2026-01-01T00:00:00.005Z web | other')
  })

  test('typing keeps spaces and drops controls', () => {
    const viewer = new Viewer(60, 6).act({ type: 'ask', purpose: 'search' }).type('a').type(' ').type('b\x1B[31m\n')
    expect(viewer.state.criteria.search.text).toBe('a b ')
  })
})
