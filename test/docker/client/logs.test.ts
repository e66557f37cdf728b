import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Frame, frames } from '../../../src/core/providers/docker/client/frames.ts'
import {
  containerLogs,
  type Engine,
  type LogLine,
  type LogOptions,
  mergeFollowedLogs,
  mergeLogs,
} from '../../../src/core/providers/docker/client/index.ts'
import { joinLines } from '../../../src/core/providers/docker/client/log-lines.ts'
import { lab } from '../../lab/lab.ts'
import { collect, connectTo, noDelay, removeAll, runBusybox } from './support.ts'

function frame(stream: number, text: string | Buffer): Buffer {
  const data = Buffer.from(text)
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(data.length, 4)
  return Buffer.concat([header, data])
}

const T = (second: number) => `2026-01-01T00:00:0${second}.000000000Z`

describe('taking a multiplexed stream apart', () => {
  const wire = Buffer.concat([
    frame(1, `${T(1)} out\n`),
    frame(2, `${T(2)} err\n`),
    frame(1, `${T(3)} gr`),
    frame(2, `${T(4)} between\n`),
    frame(1, Buffer.concat([Buffer.from(`${T(3)} ü`).subarray(0, -1)])),
    frame(1, Buffer.concat([Buffer.from(`${T(3)} `), Buffer.from('ün\n').subarray(1)])),
    frame(1, Buffer.concat([Buffer.from(`${T(5)} `), Buffer.from([0xff, 10])])),
    frame(2, `${T(6)} no end`),
  ])
  const lines = [
    { stream: 'stdout', timestamp: T(1), line: 'out' },
    { stream: 'stderr', timestamp: T(2), line: 'err' },
    { stream: 'stderr', timestamp: T(4), line: 'between' },
    { stream: 'stdout', timestamp: T(3), line: 'grün' },
    { stream: 'stdout', timestamp: T(5), line: '\ufffd' },
    { stream: 'stderr', timestamp: T(6), line: 'no end' },
  ]

  it.each([1, 3, 7, 8, 9, 1000])('gives the same lines however it is cut (pieces of %i bytes)', async (size) => {
    const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, index) =>
      wire.subarray(index * size, (index + 1) * size),
    )
    expect((await collect(joinLines(frames(Readable.from(pieces))))).flat()).toEqual(lines)
  })

  it('cuts an endless line instead of taking all memory', async () => {
    const piece = frame(1, `${T(1)} ${'x'.repeat(16_384)}`)
    const together = await collect(joinLines(frames(Readable.from(Array.from({ length: 200 }, () => piece)))))
    const all = together.flat()
    expect(all.length).toBeGreaterThan(1)
    expect(all.map(({ line }) => line.length).reduce((a, b) => a + b)).toBe(200 * 16_384)
  })

  it('refuses what is not multiplexed, and passes on what the engine says in the middle', async () => {
    await expect(collect(frames(Readable.from([Buffer.from('plain text, not frames')])))).rejects.toThrow(
      /not multiplexed/,
    )
    const [before, broken] = [frame(1, `${T(1)} before\n`), frame(3, 'log file is gone')]
    const told: Frame[] = []
    const reading = async () => {
      for await (const together of frames(Readable.from([Buffer.concat([before, broken])]))) told.push(...together)
    }
    await expect(reading()).rejects.toThrow(/log file is gone/)
    expect(told.map(({ data }) => data.toString())).toEqual([`${T(1)} before\n`])
  })
})

describe('merging logs', () => {
  type Entry = { readonly timestamp: string; readonly line: string }
  /** Lines that come some at a time. */
  const log = async function* (entries: readonly [number, string][], atATime = 1): AsyncGenerator<readonly Entry[]> {
    const lines = entries.map(([second, line]) => ({ timestamp: T(second), line }))
    for (let from = 0; from < lines.length; from += atATime) yield lines.slice(from, from + atATime)
  }

  it.each([1, 2, 3])('is exact in order of time when the logs have an end, %i lines at a time', async (atATime) => {
    const logs: [number, string][][] = [
      [
        [1, 'a'],
        [4, 'd'],
        [4, 'e'],
      ],
      [
        [2, 'b'],
        [4, 'f'],
        [5, 'g'],
        [6, 'h'],
      ],
      [],
      [[3, 'c']],
    ]
    const merged = await collect(mergeLogs(logs.map((entries) => log(entries, atATime))))
    expect(
      merged
        .flat()
        .map(({ line }) => line)
        .join(''),
    ).toBe('abcdefgh')
    expect(merged.every(({ length }) => length > 0)).toBe(true)
  })

  it('puts neighbours right that arrive out of order when following', async () => {
    const { delay, asked } = noDelay()
    const merged = mergeFollowedLogs(
      [
        log([
          [2, 'b'],
          [3, 'c'],
        ]),
        log([[1, 'a']]),
      ],
      50,
      delay,
    )
    expect(
      (await collect(merged))
        .flat()
        .map(({ line }) => line)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
    expect(asked).toContain(50)
  })

  it('tells what it had before it passes on an error', async () => {
    const broken = async function* (): AsyncGenerator<readonly Entry[]> {
      yield [{ timestamp: T(1), line: 'last words' }]
      throw new Error('gone')
    }
    const told: string[] = []
    const reading = async () => {
      for await (const lines of mergeFollowedLogs([broken()], 50, noDelay().delay))
        told.push(...lines.map(({ line }) => line))
    }
    await expect(reading()).rejects.toThrow('gone')
    expect(told).toEqual(['last words'])
  })
})

describe.skipIf(!lab.available).each(lab.engines)('the log of a container, on Engine $version', ({ host }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await connectTo(host)
  })
  afterAll(async () => {
    await removeAll(engine, 'client-logs-')
    engine.close()
  })

  const print = async (name: string, shell: string, body = {}, hostConfig = {}): Promise<string> => {
    const id = await runBusybox(engine, `client-logs-${name}`, ['sh', '-c', shell], body, hostConfig)
    await engine.containers.wait(id)
    return id
  }
  const linesOf = async (id: string, options?: LogOptions): Promise<LogLine[]> => {
    const logs = await containerLogs(engine, id, options)
    if (logs.kind !== 'lines') throw new Error(`unreadable: ${logs.driver}`)
    return (await collect(logs.lines)).flat()
  }
  const texts = (lines: readonly LogLine[]) => lines.map(({ stream, line }) => `${stream}: ${line}`)

  it('has both streams, long lines in one piece, and bytes that are not UTF-8', async () => {
    const long = 'head -c 40000 /dev/zero | tr "\\0" x; echo'
    const id = await print(
      'streams',
      `echo out; sleep 0.1; echo err >&2; sleep 0.1; ${long}; printf "a\\377b\\n\\nend"`,
    )
    const lines = await linesOf(id)
    expect(texts(lines).map((line) => line.slice(0, 20))).toEqual([
      'stdout: out',
      'stderr: err',
      'stdout: xxxxxxxxxxxx',
      'stdout: a\ufffdb',
      'stdout: ',
      'stdout: end',
    ])
    expect(lines[2]?.line).toBe('x'.repeat(40_000))
    for (const { timestamp } of lines) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  })

  it('rule 54: of a TTY is not multiplexed', async () => {
    const id = await print('tty', 'echo out; echo err >&2; head -c 40000 /dev/zero | tr "\\0" x; echo; printf end', {
      Tty: true,
    })
    const long = `stdout: ${'x'.repeat(40_000)}`
    expect(texts(await linesOf(id))).toEqual(['stdout: out', 'stdout: err', long, 'stdout: end'])
  })

  it('can be cut by count and by time', async () => {
    const id = await print('range', 'for i in 1 2 3 4; do echo $i; sleep 0.2; done')
    const all = await linesOf(id)
    expect(texts(await linesOf(id, { tail: 2 }))).toEqual(['stdout: 3', 'stdout: 4'])
    expect(await linesOf(id, { tail: 0 })).toEqual([])
    const second = Date.parse(all[1]?.timestamp ?? '') / 1000
    expect(texts(await linesOf(id, { since: second + 0.05 }))).toEqual(['stdout: 3', 'stdout: 4'])
    expect(texts(await linesOf(id, { until: second + 0.05 }))).toEqual(['stdout: 1', 'stdout: 2'])
  })

  it('can be followed until the container ends, and until the signal fires', async () => {
    const ending = await runBusybox(engine, 'client-logs-follow', ['sh', '-c', 'echo 1; sleep 0.3; echo 2'])
    expect(texts(await linesOf(ending, { follow: true }))).toEqual(['stdout: 1', 'stdout: 2'])
    const endless = await runBusybox(engine, 'client-logs-endless', ['sh', '-c', 'while echo x; do sleep 0.05; done'])
    const controller = new AbortController()
    const logs = await containerLogs(engine, endless, { follow: true, signal: controller.signal })
    if (logs.kind !== 'lines') throw new Error('unreadable')
    let seen = 0
    for await (const together of logs.lines) {
      for (const { line } of together) expect(line).toBe('x')
      seen += together.length
      if (seen >= 3) controller.abort()
    }
    expect(seen).toBeGreaterThanOrEqual(3)
  })

  it('rule 53: says which log driver cannot be read back', async () => {
    const id = await print('none', 'echo lost', {}, { LogConfig: { Type: 'none' } })
    expect(await containerLogs(engine, id)).toEqual({ kind: 'unreadable', driver: 'none' })
  })

  it('of a container that is not there is an error of its own', async () => {
    await expect(containerLogs(engine, 'client-logs-no-such')).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' })
  })

  it('of several services comes out in order of time', async () => {
    const [a, b] = await Promise.all([
      print('merge-a', 'echo a1; sleep 0.4; echo a2'),
      print('merge-b', 'sleep 0.2; echo b1; sleep 0.4; echo b2'),
    ])
    const sources = await Promise.all([a, b].map(async (id) => containerLogs(engine, id)))
    const lines = sources.flatMap((logs) => (logs.kind === 'lines' ? [logs.lines] : []))
    const merged = (await collect(mergeLogs(lines))).flat()
    const times = merged.map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted())
    expect(merged).toHaveLength(4)
  })
})
