import type { Duplex, Readable, Writable } from 'node:stream'
import { DdalabError } from '../../../errors.ts'
import type { Engine, ExecCalls, TerminalSize } from './engine.ts'
import { describeEngineError } from './engine-errors.ts'
import type { Delay } from './event-hub.ts'
import { frames } from './frames.ts'

/** The streams a command runs with. */
export interface ExecStreams {
  /** Absent: the command gets no stdin. */
  readonly stdin?: Readable
  readonly stdout: Writable
  /** With a terminal everything comes on stdout. */
  readonly stderr: Writable
  /** Present: the command gets a terminal, which stands for this one. */
  readonly terminal?: Terminal
}

/** What is needed of the terminal we run in. */
export interface Terminal {
  size(): TerminalSize | undefined
  /** Tells of changed sizes until the function it returns is called. */
  onResize(listener: () => void): () => void
  /** Hands every key to the command instead of to the shell around us. */
  setRawMode(raw: boolean): void
}

export interface ExecRequest {
  readonly command: readonly string[]
  readonly user?: string
  readonly workingDir?: string
  readonly environment?: { readonly [name: string]: string }
}

/** Keys nobody types: the engine would hold back every Ctrl-P to see whether Ctrl-Q follows. */
const DETACH_KEYS = 'ctrl-@,ctrl-_'
/** How often, and how many ms apart, we ask for what the engine knows a moment later than we do. */
const ATTEMPTS = 50
const STEP = 20

/**
 * Runs a command in a container with these streams and gives its exit code. The terminal is as before afterwards,
 * whatever happens. When `signal` fires we leave; the engine has no way to end the command.
 * Errors: CONTAINER_NOT_FOUND, PRECONDITION_FAILED (it does not run), ENGINE_GONE, INTERRUPTED.
 */
export async function runExec(
  { exec }: Pick<Engine, 'exec'>,
  container: string,
  request: ExecRequest,
  streams: ExecStreams,
  { delay, signal }: { readonly delay: Delay; readonly signal?: AbortSignal },
): Promise<number> {
  const { stdin, terminal } = streams
  const tty = terminal !== undefined
  const id = await exec.create(container, bodyOf(request, tty, stdin !== undefined))
  const size = terminal?.size()
  const connection = await exec.start(id, { tty, ...(size && { size }), ...(signal && { signal }) })
  const restore = terminal === undefined ? () => undefined : attachTerminal(terminal, exec, id, delay)
  try {
    if (stdin === undefined) connection.end()
    // Its end closes the command's stdin; what the command says goes on.
    else stdin.pipe(connection)
    await (tty ? copyRaw(connection, streams.stdout) : copyFrames(connection, streams))
  } catch (thrown) {
    if (signal?.aborted) throw new DdalabError('INTERRUPTED', `Left ${request.command[0]} in container ${container}`)
    throw describeEngineError(thrown, `run ${request.command[0]} in container ${container}`)
  } finally {
    restore()
    stdin?.unpipe(connection)
    stdin?.pause()
    connection.destroy()
  }
  return exitCodeOf(exec, id, delay)
}

function bodyOf({ command, user, workingDir, environment }: ExecRequest, tty: boolean, stdin: boolean) {
  return {
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: !tty,
    Tty: tty,
    DetachKeys: DETACH_KEYS,
    Cmd: command,
    User: user,
    WorkingDir: workingDir,
    Env: Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value}`),
  }
}

/** Raw mode and sizes; gives the way back. */
function attachTerminal(terminal: Terminal, exec: ExecCalls, id: string, delay: Delay): () => void {
  let attached = true
  let busy = false
  let changed = false
  /** One resize at a time: the engine carries out two that overlap in any order, and the older size could stay. */
  const resize = async () => {
    changed = true
    if (busy) return
    busy = true
    // Right after the start the engine may not know the process yet. A size that stays wrong is no reason to fail.
    for (let failures = 0; attached && changed && failures < ATTEMPTS; ) {
      const size = terminal.size()
      changed = false
      if (size === undefined) break
      await exec.resize(id, size).catch(async () => {
        failures += 1
        changed = true
        await delay(STEP)
      })
    }
    busy = false
  }
  const stopListening = terminal.onResize(() => void resize())
  terminal.setRawMode(true)
  void resize()
  return () => {
    attached = false
    stopListening()
    terminal.setRawMode(false)
  }
}

async function copyRaw(connection: Duplex, stdout: Writable): Promise<void> {
  for await (const chunk of connection.iterator({ destroyOnReturn: false })) await write(stdout, chunk)
}

async function copyFrames(connection: Duplex, streams: ExecStreams): Promise<void> {
  for await (const together of frames(connection)) {
    for (const { stream, data } of together) await write(streams[stream], data)
  }
}

/** Waits when the reader is slower than the command, so that nothing piles up in memory. */
async function write(target: Writable, data: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    // A transform that is destroyed, by a full disk behind it, never calls back for the chunk it has in hand.
    const onClose = () => reject(target.errored ?? new Error('what reads the output was closed'))
    target.once('close', onClose)
    target.write(data, (error) => {
      target.off('close', onClose)
      if (error) reject(error)
      else resolve()
    })
  })
}

/** The stream ends a moment before the engine has noted the exit code. */
async function exitCodeOf(exec: ExecCalls, id: string, delay: Delay): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { Running, ExitCode } = await exec.inspect(id)
    if (!Running && ExitCode !== undefined) return ExitCode
    await delay(STEP)
  }
  throw new DdalabError('TIMED_OUT', 'The engine does not say how the command ended')
}
