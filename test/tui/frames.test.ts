import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { PLAIN, type Style } from '../../src/ui/cli/style.ts'
import type { Event } from '../../src/ui/tui/reducer.ts'
import { frameOf } from '../../src/ui/tui/view/frame.ts'
import { around, figures, given, seen, service, typed, updated } from './support.ts'

const STATS: readonly Event[] = [1, 4, 2, 12, 3].map((cpu) =>
  updated({
    type: 'stats',
    stats: [
      figures('api', cpu, 410_000_000),
      figures('postgres', 4, 300_000_000 + cpu * 1_000_000),
      figures('web', 0, 88_000_000),
    ],
  }),
)
const LIVE = [seen(), ...STATS]

function shown(events: readonly Event[], columns: number, rows: number, style: Style = PLAIN): readonly string[] {
  const { head, body, foot } = frameOf(given(...events), around, { columns, rows }, style)
  return [...head, ...body, ...foot]
}
const text = (...of: Parameters<typeof shown>) =>
  `\n${shown(...of)
    .map(stripVTControlCharacters)
    .join('\n')}\n`

describe('the overview', () => {
  it('80x24', () => {
    expect(text(LIVE, 80, 24)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
       [1 Overview]  2 Logs   3 Change   4 Rollback   5 Config   6 Events
      ┌─ Services ──────────────────────────────────────────────────────────────────┐
      │   SERVICE    STATE     HEALTH     CPU   MEMORY  RESTARTS  VERSION           │
      │ ▸● api       running   healthy   3.0%   410 MB         0  2.4.1             │
      │  ◐ grafana   starting  starting     -        -         0  2.4.1             │
      │  ● postgres  running   healthy   4.0%   303 MB         0  16.4              │
      │  ● web       running   healthy   0.0%  88.0 MB         0  2.4.1             │
      └─────────────────────────────────────────────────────────────────────────────┘
      ┌─ api ────────────────────────────────────┐┌─ Rollback points ───────────────┐
      │ state    ● running, healthy for 2h 30m   ││ ● r-0042  2.4.1  2h ago  +data  │
      │ cpu      3.0%                      ▁▃▂█▃ ││   r-0041  2.4.0  3d 2h ago      │
      │ memory   410 MB                    █████ ││                                 │
      │ network  -                               │└─────────────────────────────────┘
      │ disk     -                               │┌─ Activity ──────────────────────┐
      │ limit    2.0 GB                          ││ Nothing has happened yet.       │
      │ health   ●                               ││                                 │
      │ ports    8001                            ││                                 │
      │ image    registry.example.com/lab/api:2… ││                                 │
      │ restarts 0                               ││                                 │
      └──────────────────────────────────────────┘└─────────────────────────────────┘
       Open https://lab.example.org
       ? help  d deploy  u update  b rollback  r restart  e shell  : commands  q quit
      "
    `)
  })

  it('160x48: everything of a service in its row', () => {
    expect(text(LIVE, 160, 48)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
       [1 Overview]  2 Logs   3 Change   4 Rollback   5 Config   6 Events
      ┌─ Services ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
      │   SERVICE    STATE     HEALTH     CPU             MEMORY            RESTARTS  VERSION  PORTS                                                                │
      │ ▸● api       running   healthy   3.0%     ▁▃▂█▃   410 MB     █████         0  2.4.1    8001                                                                 │
      │  ◐ grafana   starting  starting     -  -               -  -                0  2.4.1                                                                         │
      │  ● postgres  running   healthy   4.0%     ▇▇▇▇▇   303 MB     █████         0  16.4                                                                          │
      │  ● web       running   healthy   0.0%     ▁▁▁▁▁  88.0 MB     █████         0  2.4.1    443 53/udp                                                           │
      └─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
      ┌─ api ───────────────────────────────────────────────────────────────┐┌─ Rollback points ────────────────────────┐┌─ Activity ───────────────────────────────┐
      │ state    ● running, healthy for 2h 30m                              ││ ● r-0042  2.4.1  2h ago  +data           ││ Nothing has happened yet.                │
      │ cpu      3.0%                                                 ▁▃▂█▃ ││   r-0041  2.4.0  3d 2h ago               ││                                          │
      │ memory   410 MB                                               █████ ││                                          ││                                          │
      │ network  -                                                          │└──────────────────────────────────────────┘│                                          │
      │ disk     -                                                          │┌─ Instance ───────────────────────────────┐│                                          │
      │ limit    2.0 GB                                                     ││ state    ◐ starting                      ││                                          │
      │ health   ●                                                          ││ version  2.4.1                           ││                                          │
      │ ports    8001                                                       ││ release  r-0042, 2h ago                  ││                                          │
      │ image    registry.example.com/lab/api:2.4.1                         ││ open     https://lab.example.org         ││                                          │
      │ restarts 0                                                          ││                                          ││                                          │
      │ needs    -                                                          ││                                          ││                                          │
      │ runs as  lab-api-1  0123456789ab                                    ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      │                                                                     ││                                          ││                                          │
      └─────────────────────────────────────────────────────────────────────┘└──────────────────────────────────────────┘└──────────────────────────────────────────┘
       Open https://lab.example.org
       ? help  d deploy  u update  b rollback  r restart  e shell  : commands  q quit
      "
    `)
  })

  it('portrait: one pane below the other', () => {
    expect(text(LIVE, 46, 40)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
       [1 Overview]  2   3   4   5   6
      ┌─ Services ────────────────────────────────┐
      │   SERVICE    STATE      CPU   MEMORY      │
      │ ▸● api       running   3.0%   410 MB      │
      │  ◐ grafana   starting     -        -      │
      │  ● postgres  running   4.0%   303 MB      │
      │  ● web       running   0.0%  88.0 MB      │
      └───────────────────────────────────────────┘
      ┌─ api ─────────────────────────────────────┐
      │ state    ● running, healthy for 2h 30m    │
      │ cpu      3.0%                       ▁▃▂█▃ │
      │ memory   410 MB                     █████ │
      │ network  -                                │
      │ disk     -                                │
      │ limit    2.0 GB                           │
      │ health   ●                                │
      │ ports    8001                             │
      │ image    registry.example.com/lab/api:2.… │
      │ restarts 0                                │
      │ needs    -                                │
      │ runs as  lab-api-1  0123456789ab          │
      └───────────────────────────────────────────┘
      ┌─ Rollback points ─────────────────────────┐
      │ ● r-0042  2.4.1  2h ago  +data            │
      │   r-0041  2.4.0  3d 2h ago                │
      │                                           │
      │                                           │
      │                                           │
      └───────────────────────────────────────────┘
      ┌─ Activity ────────────────────────────────┐
      │ Nothing has happened yet.                 │
      │                                           │
      │                                           │
      │                                           │
      │                                           │
      └───────────────────────────────────────────┘
       Open https://lab.example.org
       ? help  d deploy  u update  b rollback  r r…
      "
    `)
  })

  it('tiny: says how large it needs to be', () => {
    expect(text(LIVE, 30, 8)).toMatchInlineSnapshot(`
      "
      Too small: 30x8, needs 40x10.
      q quits.
      "
    `)
  })

  it('an operation of another process is told', () => {
    const operation = { command: 'ddalab update 2.5.0', startedAt: '2026-03-01T11:59:48Z', interrupted: false }
    expect(text([seen({ operation })], 80, 24)).toContain('◐ under way: ddalab update 2.5.0, begun 12s ago')
    expect(text([seen({ operation: { ...operation, interrupted: true } })], 80, 24)).toContain('▲ interrupted: ddalab')
  })

  it('without an instance or an engine it says what is wrong and what to do', () => {
    const lost = { code: 'X', message: 'There is no instance "lab"', hint: 'Make it with: ddalab init -i lab' } as const
    expect(text([updated({ type: 'lost', ...lost })], 80, 24)).toContain('Make it with: ddalab init -i lab')
    expect(text([seen({ state: 'absent', services: [] })], 80, 24)).toContain(
      'Press d to deploy it; on the shell: ddalab deploy -i lab',
    )
  })

  it('the row at the cursor is in sight, however many services there are', () => {
    const services = Array.from({ length: 60 }, (_, index) => service(`service-${String(index).padStart(2, '0')}`))
    const frame = text([seen({ services }), ...typed('j'.repeat(45))], 80, 24)
    expect(frame).toContain('▸● service-45')
    expect(frame).toContain('of 60')
  })
})

describe('over the screen', () => {
  it('the palette, with the command of the row', () => {
    expect(text([...LIVE, ...typed(':con')], 80, 12)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
       [1 Overview]  2 Logs   3 Change   4 Rollback   5 Config   6 Events
      ┌─ Commands ──────────────────────────────────────────────────────────────────┐
      │ : con                                                                       │
      │ > config get   Print one setting as it holds                                │
      │   config show  Show every setting that holds                                │
      │   deploy       Bring what runs to what the configuration says               │
      │ ddalab config get SETTING -i lab                                            │
      └─────────────────────────────────────────────────────────────────────────────┘
       Open https://lab.example.org
       Enter choose  Up Down move  Esc back
      "
    `)
  })

  it('the help has every key', () => {
    expect(text([...LIVE, ...typed('?')], 80, 20)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
       [1 Overview]  2 Logs   3 Change   4 Rollback   5 Config   6 Events
      ┌─ Help (j k scroll, 1-13 of 16) ─────────────────────────────────────────────┐
      │ z              the service at the cursor on the whole screen                │
      │ ? q            this help; quit                                              │
      │ 1 2 3 4 5 6    overview, logs, change, rollback, config, events             │
      │ Tab Shift-Tab  next and previous screen                                     │
      │ j k Home End   move the cursor; also arrows                                 │
      │ PgDn PgUp      page down and up                                             │
      │ Enter          open what the cursor is on                                   │
      │ d u b          deploy, update, rollback: the plan is shown first            │
      │ r s S          restart, start, stop: the service at the cursor, or all      │
      │ e              shell in the service at the cursor                           │
      │ m :            menu; every command, by any of its letters                   │
      │ y Y            copy; the command that does the same as the screen           │
      │ i I            where nothing is set up: set it up, import                   │
      └─────────────────────────────────────────────────────────────────────────────┘
       Open https://lab.example.org
       Esc back
      "
    `)
  })

  it('a screen that is not built says which command does the same', () => {
    expect(text([...LIVE, ...typed('5')], 60, 12)).toMatchInlineSnapshot(`
      "
       lab  2.4.1  ◐ starting 3/4  r-0042, 2h ago
        1   2   3   4  [5 Config]  6
      ┌─ Config ────────────────────────────────────────────────┐
      │ Every setting that holds                                │
      │                                                         │
      │ ddalab config show -i lab                               │
      │                                                         │
      │ Press y to copy it, : for other commands.               │
      └─────────────────────────────────────────────────────────┘
       Open https://lab.example.org
       Enter edit  s save or apply  / search  E editor  H histor…
      "
    `)
  })
})

describe('a terminal', () => {
  const SIZES = [1, 2, 8, 20, 39, 40, 46, 63, 64, 80, 119, 120, 200].flatMap((columns) =>
    [1, 2, 9, 10, 12, 15, 24, 60].map((rows) => [columns, rows] as const),
  )
  const wide = [service('データベース-サービス'), service('👩‍👩‍👧‍👦'), service('a'.repeat(300))]
  const STATES = [[], LIVE, [seen({ services: wide })], [...LIVE, ...typed(':d')], [...LIVE, ...typed('?')], typed('3')]

  it('of any size is never overrun', () => {
    for (const [columns, rows] of SIZES) {
      for (const events of STATES) {
        const lines = shown(events, columns, rows)
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1))
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(1, columns - 1))
      }
    }
  })

  it('gets no control character that came from outside', () => {
    const evil = '\u001B[2J\u001B]0;title\u0007\u0000\u009B31mx\r\nnext'
    const odd = service(`api${evil}`, { image: `i${evil}:${evil}`, ports: [`${evil}:80->80/tcp`], digest: evil })
    const status = {
      services: [odd],
      version: evil,
      addresses: [`http://${evil}`],
      operation: { command: evil, startedAt: '2026-03-01T11:59:48Z', interrupted: false },
    }
    for (const keys of ['', '2', ':']) {
      const frame = shown([seen(status, { warnings: [evil] }), ...typed(keys)], 120, 40)
      const links = /\u001B\]8;;[^\u0000-\u001F\u007F-\u009F]*\u0007/g
      expect(frame.map((line) => line.replaceAll(links, '')).join('')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/)
    }
  })

  it('gets ports as links, https where the container speaks it, and none for UDP', () => {
    const frame = shown(LIVE, 160, 48).join('\n')
    expect(frame).toContain('\u001B]8;;http://localhost:8001\u00078001\u001B]8;;\u0007')
    expect(frame).toContain('\u001B]8;;https://localhost:443\u0007443\u001B]8;;\u0007 53/udp')
  })

  it('without colours and without Unicode says the same in signs', () => {
    const ascii: Style = { colour: false, unicode: false, width: 80 }
    const frame = shown(LIVE, 80, 24, ascii).map(stripVTControlCharacters).join('')
    expect(frame).not.toMatch(/[^ -~]/)
    expect(frame).toContain('>* api')
  })

  it('with colours gets the sixteen that every theme has', () => {
    const colours =
      shown(LIVE, 80, 24, { colour: true, unicode: true, width: 80 })
        .join('')
        .match(/\u001B\[[\d;]*m/g) ?? []
    expect(colours.length).toBeGreaterThan(10)
    for (const colour of colours) expect(colour).toMatch(/^\u001B\[\d{1,2}m$/)
  })
})
