import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { HEARTBEAT_MS, type KernelEvent, type Lease, type ProcessSighting } from '../../src/core/kernel/index.ts'
import { createLeaseStore, type LeaseFileOptions } from '../../src/core/state/index.ts'
import { fill, isRoot, newDirectory, newDisk } from './places.ts'

let counter = 0

/** A process on the host `lab`, in a world where `running` says which process ids are there and since when. */
function contender(
  directory: string,
  more: Partial<LeaseFileOptions> & { running?: Map<number, string>; host?: string } = {},
) {
  const { running = new Map([[1, '100']]), host = 'lab', ...options } = more
  const events: KernelEvent[] = []
  const store = createLeaseStore({
    directory,
    subject: 'instance demo',
    owner: 'anna',
    pid: 1,
    sink: { emit: (event) => void events.push(event) },
    now: () => new Date(),
    newToken: () => `token-${++counter}`,
    processes: {
      place: async () => ({ host, machine: host, boot: 'b1', pidNamespace: 'n1' }),
      look: async (pid): Promise<ProcessSighting> => {
        const processStart = running.get(pid)
        return processStart === undefined ? { alive: false } : { alive: true, processStart }
      },
    },
    ...options,
  })
  const take = (command: string, waitMs?: number, signal?: AbortSignal): Promise<Lease> =>
    store.acquire({ command, ...(waitMs !== undefined && { waitMs }), ...(signal !== undefined && { signal }) })
  return { store, take, events }
}

describe('rule 42: one operation at a time', () => {
  test('a second one is refused, told by whom, and let in after the release', async () => {
    const directory = join(newDirectory(), 'lease')
    const { take, store } = contender(directory)
    const lease = await take('ddalab deploy')
    expect(await store.current()).toEqual(lease.holder)
    const refusal = await take('ddalab stop').catch((thrown: unknown) => thrown)
    expect(refusal).toMatchObject({ code: 'LOCKED', exit: 7 })
    expect(String(refusal)).toMatch(
      /instance demo is locked by "ddalab deploy", process 1 of anna on lab, since \d{4}-/,
    )
    await lease.release()
    expect(await store.current()).toBeUndefined()
    await (await take('ddalab stop')).release()
    expect(readdirSync(directory)).toHaveLength(1)
    expect(statSync(directory).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
  })

  test('its number tells whether anybody has taken it meanwhile', async () => {
    const { take, store } = contender(newDirectory())
    const before = await store.idle()
    expect(before).toBeDefined()
    expect(await store.idle()).toBe(before)
    const lease = await take('ddalab deploy')
    expect(await store.idle()).toBeUndefined()
    await lease.release()
    const after = await store.idle()
    expect(after).toBeDefined()
    expect(after).not.toBe(before)
  })

  test.each([
    ['is gone', new Map([[2, '300']]), 'its process 1 is gone'],
    [
      'has been recycled',
      new Map([
        [1, '200'],
        [2, '300'],
      ]),
      'process 1 is another one now',
    ],
  ])('the lease of a holder whose process id %s is taken over, visibly', async (_what, running, why) => {
    const directory = newDirectory()
    await contender(directory).take('ddalab deploy')
    const { take, events } = contender(directory, { running, pid: 2 })
    await take('ddalab stop')
    expect(events).toEqual([
      {
        type: 'notice',
        level: 'warning',
        message: expect.stringMatching(/^took over instance demo from "ddalab deploy"/),
      },
    ])
    expect(events).toMatchObject([{ message: expect.stringContaining(why) }])
  })

  test('a holder on another host is believed until it has been silent for a minute', async () => {
    const directory = newDirectory()
    await contender(directory, { host: 'other' }).take('ddalab deploy')
    const inAMinute = new Date(Date.now() + 61_000)
    await expect(contender(directory).take('ddalab stop')).rejects.toThrow(/of anna on other/)
    await expect(contender(directory, { now: () => inAMinute }).take('ddalab stop')).resolves.toBeDefined()
  })

  test('a dead holder holds nothing: nobody is shown to be at work', async () => {
    const directory = newDirectory()
    await contender(directory).take('ddalab deploy')
    expect(await contender(directory, { running: new Map(), pid: 2 }).store.current()).toBeUndefined()
  })

  test('of many who find a dead holder at once, exactly one takes over', async () => {
    for (let round = 0; round < 40; round += 1) {
      const directory = newDirectory()
      await contender(directory).take('ddalab deploy')
      const running = new Map([[2, '300']])
      const contenders = Array.from({ length: 8 }, () => contender(directory, { running, pid: 2 }))
      const answers = await Promise.allSettled(contenders.map(({ take }) => take('ddalab stop')))
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(contenders.flatMap(({ events }) => events)).toHaveLength(1)
    }
  })

  test('one who looked long ago does not take what has been through other hands since', async () => {
    const directory = newDirectory()
    const { take, store } = contender(directory)
    const late = Promise.withResolvers<void>()
    const slow = contender(directory, {
      processes: {
        place: async () => late.promise.then(() => ({ host: 'lab', machine: 'lab', boot: 'b1', pidNamespace: 'n1' })),
        look: async () => ({ alive: true, processStart: '100' }),
      },
    })
    const slowly = slow.take('late')
    for (const name of ['one', 'two']) await (await take(name)).release()
    const { holder } = await take('three')
    late.resolve()
    await expect(slowly).rejects.toThrow(/locked by "three"/)
    expect(await store.current()).toEqual(holder)
  })

  test('a file that a crash left half-written locks nobody out', async () => {
    const directory = newDirectory()
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, '000007.json'), '{"token":')
    await expect(contender(directory).take('a')).rejects.toMatchObject({ code: 'LOCKED' })
    utimesSync(join(directory, '000007.json'), new Date(0), new Date(0))
    await expect(contender(directory).take('a')).resolves.toBeDefined()
    expect(readdirSync(directory)).toEqual(['000008.json'])
  })
})

describe('rule 42: a holder shows that it is alive', () => {
  test('at every heartbeat, until it is told that another has taken over', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const directory = newDirectory()
    let time = 0
    const { take, store } = contender(directory, { now: () => new Date(time) })
    const lease = await take('ddalab deploy')
    time = HEARTBEAT_MS
    vi.advanceTimersByTime(HEARTBEAT_MS)
    await vi.waitFor(async () => expect((await store.current())?.heartbeatAt).toBe(new Date(time).toISOString()))

    const thief = contender(directory, { running: new Map([[2, '9']]), pid: 2, owner: 'ben' })
    await thief.take('ddalab stop')
    const lost = once(lease.lost, 'abort')
    vi.advanceTimersByTime(HEARTBEAT_MS)
    await lost
    expect(lease.lost.reason).toMatchObject({ code: 'LOCKED', message: expect.stringContaining('of ben') })
    await lease.release()
    expect((await thief.store.current())?.owner).toBe('ben')
  })
})

describe('waiting for the lease', () => {
  test('ends when the wait is over', async () => {
    const directory = newDirectory()
    await contender(directory).take('ddalab deploy')
    let time = Date.now()
    const now = (): Date => {
      time += 400
      return new Date(time)
    }
    const { take, events } = contender(directory, { now })
    await expect(take('ddalab stop', 1_000)).rejects.toMatchObject({ code: 'LOCKED' })
    expect(events).toMatchObject([
      { level: 'info', message: expect.stringMatching(/^waiting: instance demo is locked/) },
    ])
  })

  test('ends when it is interrupted', async () => {
    const directory = newDirectory()
    await contender(directory).take('ddalab deploy')
    const stop = new AbortController()
    const waiting = contender(directory, { sink: { emit: () => stop.abort() } }).take(
      'ddalab stop',
      600_000,
      stop.signal,
    )
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED', exit: 130 })
  })
})

describe.skipIf(!isRoot)('rule 44: on a full disk (needs root)', () => {
  test('the lease is given back, and a new one refused without a trace', async () => {
    const directory = join(newDisk(16), 'lease')
    const lease = await contender(directory).take('ddalab deploy')
    fill(join(directory, '..'))
    await lease.release()
    expect(await contender(directory).store.current()).toBeUndefined()

    const makeSpace = fill(join(directory, '..'))
    await expect(contender(directory).take('ddalab stop')).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(readdirSync(directory)).toEqual(['000001.json'])
    makeSpace()
    await expect(contender(directory).take('ddalab stop')).resolves.toBeDefined()
  })
})

describe('rule 42: between real processes', () => {
  let program = ''
  beforeAll(async () => {
    program = join(mkdtempSync(join(tmpdir(), 'ddalab-lease-')), 'child.mjs')
    const entryPoints = [join(import.meta.dirname, 'lease-child.ts')]
    await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' })
  })
  afterAll(() => rmSync(join(program, '..'), { recursive: true }))

  type Word = { readonly held?: true; readonly locked?: string; readonly notice?: string }
  interface Child {
    readonly process: ChildProcessWithoutNullStreams
    next(): Promise<Word>
  }

  const start = (directory: string, command: string, waitMs = 0): Child => {
    const child = spawn(process.execPath, [program, directory, command, `${waitMs}`])
    onTestFinished(() => void child.kill('SIGKILL'))
    child.stderr.pipe(process.stderr)
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    return {
      process: child,
      next: async () => {
        const { value, done } = await lines.next()
        if (done) throw new Error(`${command} said nothing`)
        return JSON.parse(value)
      },
    }
  }

  test('of two who start at once, one holds it and the other says who', async () => {
    const directory = newDirectory()
    const children = [start(directory, 'deploy'), start(directory, 'stop')]
    const words = await Promise.all(children.map((child) => child.next()))
    expect(words.filter(({ held }) => held)).toHaveLength(1)
    expect(words.find(({ locked }) => locked)?.locked).toMatch(/instance demo is locked by/)
  })

  test('the lease of one that was killed is free at once', async () => {
    const directory = newDirectory()
    const first = start(directory, 'deploy')
    expect(await first.next()).toEqual({ held: true })
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    const second = start(directory, 'stop')
    expect((await second.next()).notice).toMatch(new RegExp(`process ${first.process.pid} is gone`))
    expect(await second.next()).toEqual({ held: true })
  })

  test('one who waits gets it when it is released', async () => {
    const directory = newDirectory()
    const first = start(directory, 'deploy')
    expect(await first.next()).toEqual({ held: true })
    const second = start(directory, 'stop', 50_000)
    expect((await second.next()).notice).toMatch(/^waiting: instance demo is locked by "deploy"/)
    first.process.stdin.end()
    expect(await second.next()).toEqual({ held: true })
  })
})
