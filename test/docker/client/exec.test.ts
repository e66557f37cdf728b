import { execFile } from 'node:child_process'
import { PassThrough, Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Engine,
  type ExecStreams,
  runExec,
  type Terminal,
} from '../../../src/core/providers/docker/client/index.ts'
import { lab } from '../../lab/lab.ts'
import { connectTo, delay, removeAll, runBusybox } from './support.ts'

/** A writable that keeps what it gets. */
function sink(): { readonly stream: Writable; text(): string; until(part: string): Promise<void> } {
  let text = ''
  let check: () => void = () => undefined
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      check()
      done()
    },
  })
  const until = (part: string) =>
    new Promise<void>((resolve) => {
      check = () => text.includes(part) && resolve()
      check()
    })
  return { stream, text: () => text, until }
}

describe.skipIf(!lab.available).each(lab.engines)('a command in a container, on Engine $version', ({ host, name }) => {
  let engine: Engine
  let container: string
  beforeAll(async () => {
    engine = await connectTo(host)
    container = await runBusybox(engine, `client-exec-${name}`, ['sleep', '600'])
  })
  afterAll(async () => {
    await removeAll(engine, 'client-exec-')
    engine.close()
  })

  const run = async (command: readonly string[], streams: Partial<ExecStreams> = {}, request = {}) => {
    const [out, err] = [sink(), sink()]
    const all = { stdout: out.stream, stderr: err.stream, ...streams }
    const exitCode = await runExec(engine, container, { command, ...request }, all, { delay })
    return { exitCode, out: out.text(), err: err.text() }
  }

  it('has its two streams apart, and its exit code', async () => {
    expect(await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      exitCode: 3,
      out: 'out\n',
      err: 'err\n',
    })
  })

  it('gets stdin until its end, and still answers after that', async () => {
    const input = Buffer.alloc(300_000, 'x')
    const { out, exitCode } = await run(['sh', '-c', 'wc -c; echo after'], { stdin: Readable.from([input]) })
    expect({ out, exitCode }).toEqual({ out: '300000\nafter\n', exitCode: 0 })
  })

  it('gets user, folder and environment', async () => {
    const request = { user: '65534', workingDir: '/tmp', environment: { GREETING: 'hello world' } }
    expect((await run(['sh', '-c', 'id -u; pwd; echo $GREETING'], {}, request)).out).toBe('65534\n/tmp\nhello world\n')
  })

  it('writes as fast as it is read, and nothing is lost', async () => {
    let bytes = 0
    const slow = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        setImmediate(done)
      },
    })
    const exitCode = await runExec(
      engine,
      container,
      { command: ['head', '-c', '3000000', '/dev/zero'] },
      { stdout: slow, stderr: slow },
      { delay },
    )
    expect({ exitCode, bytes }).toEqual({ exitCode: 0, bytes: 3_000_000 })
  })

  it('that does not exist ends with the exit code of a shell', async () => {
    expect((await run(['no-such-command'])).exitCode).toBeOneOf([126, 127])
  })

  it('needs a container that is there and runs', async () => {
    const streams = { stdout: sink().stream, stderr: sink().stream }
    const attempt = (id: string) => runExec(engine, id, { command: ['true'] }, streams, { delay })
    await expect(attempt('client-exec-no-such')).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' })
    const stopped = await runBusybox(engine, `client-exec-stopped-${name}`, ['true'])
    await engine.containers.wait(stopped)
    await expect(attempt(stopped)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
  })

  /** A terminal in memory, with a record of what was done to it. */
  function terminal(): Terminal & { readonly done: string[]; resizeTo(columns: number, rows: number): void } {
    let size = { columns: 81, rows: 25 }
    let listener: () => void = () => undefined
    const done: string[] = []
    return {
      done,
      size: () => size,
      setRawMode: (raw) => void done.push(raw ? 'raw' : 'cooked'),
      onResize: (given) => {
        listener = given
        return () => void done.push('deaf')
      },
      resizeTo: (columns, rows) => {
        size = { columns, rows }
        listener()
      },
    }
  }

  it('has a terminal of our size, and follows it', async () => {
    const screen = terminal()
    const out = sink()
    const stdin = new PassThrough()
    const streams = { stdin, stdout: out.stream, stderr: sink().stream, terminal: screen }
    const becomes = (size: string) => `while ! stty size | grep -q "^${size}"; do sleep 0.05; done; stty size`
    const shell = `${becomes('25 81')}; ${becomes('30 100')}; read x; exit 4`
    const running = runExec(engine, container, { command: ['sh', '-c', shell] }, streams, { delay })
    await out.until('25 81')
    screen.resizeTo(100, 30)
    await out.until('30 100')
    stdin.write('\n')
    expect(await running).toBe(4)
    expect(screen.done).toEqual(['raw', 'deaf', 'cooked'])
  })

  it('gives the terminal back when the signal fires, and when the connection fails', async () => {
    const screen = terminal()
    const controller = new AbortController()
    const out = sink()
    const streams = { stdin: new PassThrough(), stdout: out.stream, stderr: sink().stream, terminal: screen }
    const command = ['sh', '-c', 'echo ready; sleep 5']
    const running = runExec(engine, container, { command }, streams, { delay, signal: controller.signal })
    await out.until('ready')
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(screen.done).toEqual(['raw', 'deaf', 'cooked'])
  })

  it('works on a real terminal: keys go to the command, the exit code comes back, the terminal is as it was', async () => {
    const program = fileURLToPath(new URL('exec-on-terminal.ts', import.meta.url))
    const command = `stty -g; ${process.execPath} ${program} ${host} ${container} sh; echo code=$?; stty -g`
    const said = await new Promise<string>((resolve) => {
      const child = execFile('script', ['-qec', command, '/dev/null'], (_error, stdout) => resolve(stdout))
      let prompted = false
      child.stdout?.on('data', (chunk: string) => {
        if (prompted || !chunk.includes('# ')) return
        prompted = true
        // Ctrl-C is a key like others in raw mode: it reaches the command and does not end us.
        child.stdin?.write('\u0003echo pressed-$((40+2))\rexit 9\r')
      })
    })
    expect(said).toContain('pressed-42')
    expect(said).toContain('code=9')
    const settings = said.match(/^[0-9a-f]+:[0-9a-f:]+\r?$/gm)
    expect(settings).toHaveLength(2)
    expect(settings?.[0]).toBe(settings?.[1])
  })
})
