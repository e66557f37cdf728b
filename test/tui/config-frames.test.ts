import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { PLAIN, type Style } from '../../src/ui/cli/style.ts'
import type { ConfigEvent } from '../../src/ui/tui/config/model.ts'
import { configView } from '../../src/ui/tui/config/view/screen.ts'
import { terminalFacts, themed } from '../../src/ui/tui/theme.ts'
import { type Area, draw, fill } from '../../src/ui/tui/view/spans.ts'
import { keys, played, to } from './config-support.ts'
import { NOW } from './support.ts'

const SMALL: Area = { width: 79, height: 19 }
const WIDE: Area = { width: 159, height: 43 }
const TINY: Area = { width: 39, height: 7 }

function lines(events: readonly ConfigEvent[], area: Area, style: Style = PLAIN): readonly string[] {
  const { lines: drawn } = configView(played(events).state, area, style, NOW)
  return fill(drawn, area.height).map((line) => draw(line, area.width, style))
}
const frame = (...of: Parameters<typeof lines>) => `\n${lines(...of).join('\n')}\n`

const FINDING = {
  type: 'judged',
  findings: [
    {
      rule: 'a-rule',
      severity: 'warning',
      path: 'api.port',
      message: 'api.port is a port that others use',
      hint: 'Take another one.',
    },
  ],
} as const
const DRAFTS = [
  ...to('api.port'),
  ...keys('\r\u007F9\r\u001B'),
  ...to('database.password'),
  ...keys('\rsecret-word\r\u001B'),
  FINDING,
]

describe('the config screen', () => {
  it('80x24: drafts are marked, secrets masked, what the rules say stands at its setting', () => {
    expect(frame([...DRAFTS, ...keys('/api\r')], SMALL)).toMatchInlineSnapshot(`
      "
      ┌─ ddalab, production · 2 drafts (s saves) · 1 warning · /api ────────────────┐
      │ api                                                                         │
      │ ▸   host       0.0.0.0                                        default       │
      │  *▲ port       8009                                           draft         │
      │     publicUrl  -                                              template      │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      │                                                                             │
      └─────────────────────────────────────────────────────────────────────────────┘
      ┌─ api.host ──────────────────────────────────────────────────────────────────┐
      │ Address on which the API listens in its container.                          │
      │ From: default. Default: 0.0.0.0                                             │
      │ DDALAB_API_HOST of the template                                             │
      │                                                                             │
      │                                                                             │
      └─────────────────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('160x48: the setting stands beside the list, required and secret in words', () => {
    expect(frame([...DRAFTS, ...to('password')], WIDE)).toMatchInlineSnapshot(`
      "
      ┌─ ddalab, production · 2 drafts (s saves) · 1 warning · /password ─────────────────────────┐┌─ database.password ────────────────────────────────────────────┐
      │ database                                                                                  ││ Password of the database user.                                 │
      │ ▸*  password                ••••••••                       draft        required secret   ││ Draft: ••••••••; the file: ••••••••                            │
      │ storage                                                                                   ││ From: draft. Default: nothing                                  │
      │     minio.secretKey         needed                         not set      required secret   ││ required, secret, can be made (p), DDALAB_DB_PASSWORD of the   │
      │ cache                                                                                     ││ template                                                       │
      │     redis.password          -                              template     secret            ││                                                                │
      │ auth                                                                                      ││                                                                │
      │     mode                    local                          default                        ││                                                                │
      │     ldap.bindPassword       -                              not set      secret            ││                                                                │
      │ parameters                                                                                ││                                                                │
      │     GRAFANA_ADMIN_PASSWORD  -                              not set      secret            ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      │                                                                                           ││                                                                │
      └───────────────────────────────────────────────────────────────────────────────────────────┘└────────────────────────────────────────────────────────────────┘
      "
    `)
  })

  it('40x12: a list, and while something is typed the place for it', () => {
    expect(frame(to('api.port'), TINY)).toMatchInlineSnapshot(`
      "
      ┌─ ddalab, production · /api.port ────┐
      │ api                                 │
      │ ▸   port  8002                      │
      │                                     │
      │                                     │
      │                                     │
      └─────────────────────────────────────┘
      "
    `)
    expect(frame([...to('api.port'), ...keys('\r999')], TINY)).toMatchInlineSnapshot(`
      "
      ┌─ api.port ──────────────────────────┐
      │ 8002999                             │
      │ ✖ api.port must be a port, a whole  │
      │ number from 1 to 65535              │
      │ What it is: Port of the API.        │
      │ Enter takes it as a draft, Esc      │
      └─────────────────────────────────────┘
      "
    `)
  })

  it('what is typed: a list in its rows, a choice among all', () => {
    expect(frame([...to('allowedDirs'), ...keys('\r\u000E/日本')], SMALL)).toContain('/日本')
    expect(frame([...to('auth.mode'), ...keys('\r')], SMALL)).toMatch(/● local.*\n.*○ ldap.*\n.*○ oauth/)
  })

  it('no frame is wider or higher than its room, whatever is open', () => {
    const open: readonly (readonly ConfigEvent[])[] = [
      [],
      DRAFTS,
      [...to('nothing at all has this name')],
      [...to('cosignKey'), ...keys('\r'), { type: 'pasted', text: 'line\n'.repeat(40) }],
      [...DRAFTS, ...keys('s')],
      keys('H'),
      [{ type: 'unreadable', trouble: { code: 'CONFIG_INVALID', exit: 2, message: 'bad '.repeat(99) } }],
    ]
    for (const area of [SMALL, WIDE, TINY, { width: 60, height: 30 }]) {
      for (const events of open) {
        const drawn = lines(events, area)
        expect(drawn).toHaveLength(area.height)
        for (const line of drawn) expect(stringWidth(line)).toBeLessThanOrEqual(area.width)
      }
    }
  })

  it.each(['dark', 'light', 'mono'] as const)(
    'in the theme %s it says the same: nothing is told by colour alone',
    (theme) => {
      for (const colours of [16, 256] as const) {
        const facts = { ...terminalFacts({}), colours }
        const style = themed({ ...PLAIN, colour: true }, theme, facts)
        expect(lines(DRAFTS, SMALL, style).map(stripVTControlCharacters)).toEqual(lines(DRAFTS, SMALL))
      }
    },
  )
})
