import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { locateInstance } from '../../src/core/actions/open.ts'
import type { ChangeRequest } from '../../src/ui/tui/change/request.ts'
import { liveDesk } from '../../src/ui/tui/config/live-desk.ts'
import { ConfigSession } from '../../src/ui/tui/config/session.ts'
import { type TestWorld, testWorld } from '../support/world.ts'
import { keys, to } from './config-support.ts'

const TARGET = { instance: 'lab' }
const CONFIG = `# Kept by hand.
version: 3.0.0
template: demo   # the small one
docker: { image: 'busybox:1' }
`

let world: TestWorld
let file: string
beforeEach(async () => {
  world = await testWorld('unix:///nowhere.sock')
  file = locateInstance(world, TARGET).paths.config
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, CONFIG)
})
afterEach(() => world.remove())

const text = () => readFile(file, 'utf8')

/** The screen on the file; `editor` stands for a person in an editor. */
async function opened(editor: (draft: string) => Promise<void> = async () => undefined) {
  const told: string[] = []
  const asked: ChangeRequest[] = []
  const desk = { ...liveDesk(world, TARGET, (work) => work()), openEditor: editor }
  const session = new ConfigSession(desk, false)
  session.show({
    onChange: (request) => asked.push(request),
    onNotice: (notice) => told.push(notice),
    onCopy: () => undefined,
    lend: (work) => work(),
  })
  const type = (input: string) => {
    for (const event of keys(input)) session.act(event)
  }
  const find = (name: string) => {
    for (const event of to(name)) session.act(event)
  }
  const until = (isRight: () => boolean) => vi.waitUntil(isRight, { timeout: 20_000, interval: 10 })
  const state = () => session.shown()
  await until(() => state().reading.kind === 'read')
  const review = async () => {
    type('s')
    await until(() => {
      const { mode } = state()
      return mode.kind === 'review' && mode.diff.kind !== 'awaited'
    })
  }
  return { session, told, asked, type, find, until, state, review, desk }
}

describe('the config screen on a real file', () => {
  it('saves what was drafted and nothing else; a secret is encrypted and never shown; the history brings it back', async () => {
    const { type, find, until, state, review, told, session } = await opened()
    find('docker.image')
    type('\r\u007F2\r\u001B')
    find('secretVariables')
    type('aAPI_TOKEN\rvery-secret-token\r\u001B')
    await review()
    expect(JSON.stringify(state().mode)).not.toContain('very-secret-token')
    type('mtests\rl\r')
    await until(() => told.some((notice) => notice.startsWith('Saved: #2')))
    const saved = await text()
    expect(saved).toMatch(
      /^# Kept by hand\.\nversion: 3\.0\.0\ntemplate: demo {3}# the small one\ndocker: \{ image: 'busybox:2' \}/,
    )
    expect(saved).toContain('API_TOKEN: ENC[')
    expect(session.unsaved.get()).toBeUndefined()

    await until(() => JSON.stringify(state().reading).includes('secretVariables.API_TOKEN'))
    find('API_TOKEN')
    type('v')
    await until(() => state().revealed !== undefined)
    expect(state().revealed?.text).toBe('very-secret-token')

    type('H')
    await until(() => state().mode.kind === 'history' && JSON.stringify(state().mode).includes('"tests"'))
    type('jr')
    await until(() => JSON.stringify(state().mode).includes('"there"'))
    type('l\r')
    await until(() => told.some((notice) => notice.startsWith('#1 is restored')))
    expect(await text()).toBe(CONFIG)
    session.close()
  })

  it('the rules are told at their settings, for the drafts as they are', async () => {
    const { type, find, until, state, desk, session } = await opened()
    find('auth.mode')
    type('\rj\r')
    await until(() => state().findings.some(({ path }) => path.startsWith('auth.ldap')))
    // A secret that is drafted is no secret in plain text yet: it is encrypted when it is written.
    find('auth.jwtSecret')
    type('p')
    await until(() => state().drafts.size === 2)
    const findings = await desk.judge([{ path: ['auth', 'jwtSecret'], value: await desk.generate('hex') }])
    expect(findings.filter(({ path }) => path === 'auth.jwtSecret')).toEqual([])
    session.close()
  })

  it('a file that somebody else has written meanwhile is not overwritten unseen; the drafts stay', async () => {
    const { type, find, until, state, review, asked, session } = await opened()
    find('docker.image')
    type('\r\u007F2\r\u001B')
    await review()
    await writeFile(file, CONFIG.replace('busybox:1', 'busybox:7'))
    type('l\r')
    await until(() => JSON.stringify(state().mode).includes('CONFIG_CHANGED'))
    expect(await text()).toContain('busybox:7')
    expect(state().drafts.get('docker.image')?.value).toBe('busybox:2')
    type('\u001B')
    await review()
    type('ll\r')
    expect(asked).toEqual([{ kind: 'config', edits: [{ path: ['docker', 'image'], value: 'busybox:2' }] }])
    session.close()
  })

  it('what is no config is told with line and column, opens in the editor, and is read again when it is right', async () => {
    const typed = ['version: 3.0.0\napi: { port: 0 }\n', 'version: 3.0.0\napi: { port: 8002 }\n']
    const { type, until, state, told, session } = await opened(async (draft) => writeFile(draft, typed.shift() ?? ''))
    await writeFile(file, 'version: 3.0.0\napi: [\n')
    await until(() => state().reading.kind === 'unreadable')
    expect(JSON.stringify(state().reading)).toMatch(/"line":\d+,"column":\d+/)
    type('E')
    await until(() => JSON.stringify(state().mode).includes('api.port must be a port'))
    expect(await text()).toBe('version: 3.0.0\napi: [\n')
    type('E')
    await until(() => told.some((notice) => notice.startsWith('Saved')))
    await until(() => state().reading.kind === 'read')
    expect(await text()).toBe('version: 3.0.0\napi: { port: 8002 }\n')
    session.close()
  })

  it('whoever gives up in the editor loses no text', async () => {
    const { type, until, state, session } = await opened(async (draft) => writeFile(draft, 'nonsense: true\n'))
    type('E')
    await until(() => state().mode.kind === 'editor' && JSON.stringify(state().mode).includes('nonsense'))
    type('\u001B')
    await until(() => state().mode.kind === 'told')
    const { mode } = state()
    const [, kept = ''] = /kept in (\S+\.yml)/.exec(JSON.stringify(mode)) ?? []
    expect(await readFile(kept, 'utf8')).toBe('nonsense: true\n')
    expect(await text()).toBe(CONFIG)
    expect((await readdir(dirname(file))).map((name) => join(dirname(file), name))).toContain(kept)
    session.close()
  })
})
