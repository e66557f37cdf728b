import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { historyStore } from '../../src/core/config/history/index.ts'
import { fill, isRoot, newDisk } from '../state/places.ts'
import { answer, ddalab, type Finished, LAUNCHER, start } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** `config set` where the disk, the rights or others stand in its way. */

let home = ''
let file = ''
const env = () => ({ DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere.sock' })
const run = (...args: readonly string[]) => ddalab(args, { env: env() })
const set = (...args: readonly string[]) => run('config', 'set', ...args)
const text = () => readFileSync(file, 'utf8')
const errorOf = (finished: Finished) => Object(answer(finished)).error
const fileIn = (folder: string) => join(folder, 'instances', 'ddalab', 'deployment-config.yml')
const leftovers = () => readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
const list = () => historyStore(join(dirname(file), 'config-backups')).list(readFileSync(file))

async function initIn(folder: string): Promise<void> {
  home = folder
  file = fileIn(home)
  expect(await run('init', '--template', 'demo')).toMatchObject({ code: 0 })
}

beforeEach(() => initIn(aFolder()))

describe.skipIf(!isRoot)('as root: on a disk that is full', () => {
  it('the file stays whole, the place and the remedy are told, and with space again it works', async () => {
    await initIn(newDisk(512))
    const before = text()
    const free = fill(home)
    const finished = await set('docker.image=busybox:2', '--json')
    expect(finished.code).toBe(4)
    expect(errorOf(finished)).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(home),
      hint: expect.stringContaining('Free some space'),
    })
    expect([text(), leftovers()]).toEqual([before, []])
    free()
    expect(await set('docker.image=busybox:2')).toMatchObject({ code: 0 })
    expect(text()).toContain('busybox:2')
    expect((await list()).problems).toEqual([])
  })
})

/** Root may write anywhere, unless that capability is taken away. */
async function denied(...args: readonly string[]): Promise<Finished> {
  const words = [LAUNCHER, ...args]
  const [command = '', ...rest] = isRoot
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', ...words]
    : words
  return start(command, rest, { env: env() }).finished
}

describe.skipIf(process.platform === 'win32')('without the right to write', () => {
  it.each([
    ['the directory of the instance', () => dirname(file)],
    ['its history', () => join(dirname(file), 'config-backups')],
  ])('%s: nothing is written, and the place and the remedy are told', async (_, place) => {
    const before = text()
    chmodSync(place(), 0o500)
    try {
      const finished = await denied('config', 'set', 'docker.image=busybox:2', '--json')
      expect(finished.code).toBe(4)
      expect(errorOf(finished)).toMatchObject({
        code: 'FILE_NOT_WRITABLE',
        message: expect.stringContaining(place()),
        hint: expect.stringContaining('permissions'),
      })
    } finally {
      chmodSync(place(), 0o700)
    }
    expect([text(), leftovers()]).toEqual([before, []])
    expect(await set('docker.image=busybox:2')).toMatchObject({ code: 0 })
  })

  it('a file that may only be read is replaced all the same: its directory decides, and it keeps its mode', async () => {
    chmodSync(file, 0o400)
    expect(await set('docker.image=busybox:2')).toMatchObject({ code: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o400)
  })
})

describe('a config that is a symbolic link', () => {
  it('stays one; what it leads to is changed, and restored', async () => {
    const real = join(home, 'repository', 'lab.yml')
    mkdirSync(dirname(real))
    renameSync(file, real)
    symlinkSync(real, file)
    const before = text()
    expect(await set('docker.image=busybox:2')).toMatchObject({ code: 0 })
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toContain('busybox:2')
    expect(await run('config', 'restore', '1', '--yes')).toMatchObject({ code: 0 })
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(real, 'utf8')).toBe(before)
    expect(leftovers()).toEqual([])
  })

  it('that leads nowhere is told with its place', async () => {
    renameSync(file, `${file}.away`)
    symlinkSync(join(home, 'nowhere.yml'), file)
    const finished = await set('docker.image=busybox:2', '--json')
    expect(finished.code).toBe(3)
    expect(errorOf(finished).message).toContain(file)
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
  })
})

describe('others who write the file meanwhile', () => {
  it('of many config set at once each ends well, and nothing is lost', async () => {
    const settings = [
      'docker.image=busybox:2',
      'updates.channel=beta',
      'parameters.WEB_TITLE=Both',
      'environment=staging',
    ]
    const all = await Promise.all(settings.map((setting) => set(setting)))
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    for (const value of ['busybox:2', 'channel: beta', 'WEB_TITLE: Both', 'environment: staging']) {
      expect(text()).toContain(value)
    }
    const { entries, problems, outside } = await list()
    expect([entries.map(({ kind }) => kind), problems, outside]).toEqual([
      ['init', 'change', 'change', 'change', 'change'],
      [],
      false,
    ])
  })

  it('an editor that saves again and again: whatever was replaced is in the history', async () => {
    let isOver = false
    const editor = async () => {
      for (let count = 0; !isOver; count += 1) {
        const now = text()
        const mine = `${now.replace(/# mine.*\n/g, '')}# mine ${count}\n`
        writeFileSync(`${file}.swp`, mine)
        renameSync(`${file}.swp`, file)
        await new Promise((resolve) => setTimeout(resolve, 120))
      }
    }
    const editing = editor()
    const outcomes = []
    for (let port = 8100; port < 8108; port += 1) outcomes.push(await set(`parameters.WEB_PORT=${port}`, '--json'))
    isOver = true
    await editing
    for (const finished of outcomes) {
      if (finished.code === 0) continue
      expect(errorOf(finished)).toMatchObject({ code: 'CONFIG_CHANGED', exit: 4, place: { file } })
    }
    expect(outcomes.some(({ code }) => code === 0)).toBe(true)
    expect(await run('config', 'get', 'docker.image')).toMatchObject({ code: 0 })
    const { entries, problems } = await list()
    expect(problems).toEqual([])
    for (const [index, { before }] of entries.entries()) expect(before).toBe(entries[index - 1]?.sha256 ?? null)
    expect(leftovers()).toEqual([])
  })
})
