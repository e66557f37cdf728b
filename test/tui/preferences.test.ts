import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventsPress } from '../../src/ui/tui/events/keys.ts'
import {
  ACTION_IDS,
  ACTIONS,
  DEFAULT_KEYMAP,
  keyLines,
  keymapOf,
  keyTable,
  untold,
} from '../../src/ui/tui/keymap/index.ts'
import { pressOf } from '../../src/ui/tui/keymap/keys.ts'
import { START } from '../../src/ui/tui/logs/index.ts'
import { logsAction } from '../../src/ui/tui/logs-keys.ts'
import { DEFAULT_PREFERENCES, readPreferences } from '../../src/ui/tui/preferences/index.ts'
import { parsePreferences } from '../../src/ui/tui/preferences/parse.ts'
import { rollbackPress } from '../../src/ui/tui/rollback/keys.ts'
import type { ScreenId } from '../../src/ui/tui/screens.ts'
import { aFolder } from '../cli/temporary.ts'

const read = (text: string) => parsePreferences(text, '/home/config.yml')
const told = (text: string) =>
  read(text).problems.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`)

describe('preferences', () => {
  it('hold the defaults where nothing is said, and where there is no file', async () => {
    expect(read('').preferences).toEqual(DEFAULT_PREFERENCES)
    expect(read('tui:\n').problems).toEqual([])
    expect(await readPreferences(aFolder())).toEqual({ preferences: DEFAULT_PREFERENCES, problems: [] })
  })

  it('are read from config.yml of the user directory', async () => {
    const home = aFolder()
    await writeFile(
      join(home, 'config.yml'),
      'tui:\n  theme: light\n  mouse: true\n  screenReader: true\n  keys: { quit: Q, down: [J, down] }\n',
    )
    expect(await readPreferences(home)).toEqual({
      preferences: { theme: 'light', mouse: true, screenReader: true, keys: { quit: ['Q'], down: ['J', 'down'] } },
      problems: [],
    })
  })

  it('what does not fit is told with its place and what to do; all else holds', () => {
    const text = 'tui:\n  theme: blue\n  mouse: true\n  mose: 1\n  keys:\n    quit: too long\n    quti: q\n'
    expect(told(text)).toEqual([
      '4:3 tui.mose is not a preference',
      '2:10 tui.theme must be one of auto, dark, light, mono',
      '7:5 tui.keys.quti is not a preference',
      expect.stringContaining('6:11 tui.keys.quit must be one character'),
    ])
    expect(read(text).problems[0]?.hint).toBe('Did you mean mouse?')
    expect(read(text).preferences).toEqual({ ...DEFAULT_PREFERENCES, mouse: true })
  })

  it('what is no YAML, no text or cannot be read leaves the defaults', async () => {
    expect(read('tui: [').preferences).toEqual(DEFAULT_PREFERENCES)
    expect(read('tui: [').problems.length).toBeGreaterThan(0)
    const home = aFolder()
    await writeFile(join(home, 'config.yml'), Buffer.from([0xff, 0xfe, 0]))
    const { preferences, problems } = await readPreferences(home)
    expect(preferences).toEqual(DEFAULT_PREFERENCES)
    expect(problems[0]?.place?.file).toBe(join(home, 'config.yml'))
  })

  it('keys that do not go together are told', () => {
    expect(told('tui: { keys: { quit: x, help: x } }')).toEqual([
      expect.stringContaining('"x" is the key of help already'),
      expect.stringContaining('config.unset: no key is left for it'),
    ])
  })
})

describe('keys', () => {
  const press = (key: string) => pressOf(key)

  it('no two actions have the same one on a screen', () => {
    expect(keymapOf().conflicts).toEqual([])
  })

  it('mean what the screen has for them before what they mean everywhere', () => {
    expect(DEFAULT_KEYMAP.actionOf(press('s'), 'overview')).toBe('start')
    expect(DEFAULT_KEYMAP.actionOf(press('s'), 'logs')).toBe('logs.save')
    expect(DEFAULT_KEYMAP.actionOf(press('s'), 'config')).toBe('config.review')
    expect(DEFAULT_KEYMAP.actionOf(press('%'), 'config')).toBeUndefined()
  })

  it('changed by a person, they stand for the default ones, which mean nothing any more', () => {
    const { keymap } = keymapOf({ quit: ['Q'], down: ['n', 'down'] })
    expect(keymap.meant(press('Q'), 'overview')).toEqual(press('q'))
    expect(keymap.meant(press('q'), 'overview')).toBeUndefined()
    expect(keymap.meant(press('n'), 'overview')).toEqual(press('j'))
    expect(keymap.meant(press('down'), 'overview')).toEqual(press('down'))
    expect(keymap.meant(press('7'), 'overview')).toEqual(press('7'))
    // The logs have a meaning of their own for it, which gives way.
    expect(keymap.keysOf('logs.next')).toEqual([])
  })

  it('without changes each press stays what it is', () => {
    for (const action of ACTION_IDS) {
      const { on, keys } = ACTIONS[action]
      for (const key of keys) {
        expect(DEFAULT_KEYMAP.meant(press(key), on === 'everywhere' ? 'overview' : on)).toEqual(press(key))
      }
    }
  })

  it('the help tells all of them, each once, with the keys as they are now', () => {
    expect(untold()).toEqual([])
    const { keymap } = keymapOf({ quit: ['Q'] })
    expect(keyLines(keymap, 'everywhere')[0]).toEqual(['? Q', 'this help; quit'])
  })

  it('the documentation has all of them, and an example that holds', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/tui.md'), 'utf8')
    expect(text).toContain(keyTable())
    const [, example = ''] = /```yaml\n(tui:[^`]*)```/.exec(text) ?? []
    expect(read(example)).toMatchObject({ preferences: { keys: { quit: ['Q'] } }, problems: [] })
  })

  it('a screen does something for each key that the table gives it', () => {
    const does: { readonly [id in ScreenId]?: (key: string) => unknown } = {
      logs: (key) => logsAction(press(key), START, 0),
      rollback: (key) => rollbackPress(press(key)),
      events: (key) => eventsPress(press(key), { isTyping: false }),
    }
    for (const action of ACTION_IDS) {
      const { on, keys } = ACTIONS[action]
      const handler = on === 'everywhere' ? undefined : does[on]
      if (handler === undefined) continue
      for (const key of keys) expect(handler(key), `${action} ${key}`).toBeDefined()
    }
  })
})
