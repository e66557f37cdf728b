import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../../../errors.ts'
import type { Engine } from './engine.ts'
import { describeEngineError } from './engine-errors.ts'
import { frames, type OutputStream } from './frames.ts'
import { joinLines, terminalEntries } from './log-lines.ts'

export interface LogLine {
  readonly stream: OutputStream
  /** RFC 3339 in UTC with nine decimals, so that the order of the texts is the order in time. */
  readonly timestamp: string
  /** Without the line ending; bytes that are not UTF-8 became U+FFFD. */
  readonly line: string
}

export interface LogOptions {
  /** Seconds since 1970, with decimals. */
  readonly since?: number
  readonly until?: number
  /** The last lines only. */
  readonly tail?: number
  readonly follow?: boolean
  /** Ends the lines; a normal end. */
  readonly signal?: AbortSignal
}

export type ContainerLogs =
  /** Those that came together are given together: at thousands a second each step of a stream costs more than a line. */
  | { readonly kind: 'lines'; readonly lines: AsyncIterable<readonly LogLine[]> }
  /** Rule 53: the engine cannot read back what this log driver takes. */
  | { readonly kind: 'unreadable'; readonly driver: string }

/** The log of a container. Errors: CONTAINER_NOT_FOUND, ENGINE_GONE. */
export async function containerLogs(
  engine: Pick<Engine, 'containers'>,
  nameOrId: string,
  options: LogOptions = {},
): Promise<ContainerLogs> {
  const doing = `read the log of container ${nameOrId}`
  const container = await engine.containers.inspect(nameOrId)
  if (container === undefined) {
    throw new DdalabError('CONTAINER_NOT_FOUND', `There is no container ${nameOrId}`, {
      hint: 'List what there is with `ddalab status`.',
    })
  }
  const { signal } = options
  try {
    const stream = await engine.containers.logs(container.Id, queryOf(options), signal === undefined ? {} : { signal })
    const chunks = options.follow === true ? together(stream) : stream
    return { kind: 'lines', lines: readLines(stream, chunks, container.Config.Tty, doing, signal) }
  } catch (thrown) {
    const error = describeEngineError(thrown, doing)
    if (!/does not support reading/.test(error.message)) throw error
    return { kind: 'unreadable', driver: container.HostConfig.LogConfig.Type }
  }
}

function queryOf({ since, until, tail, follow = false }: LogOptions) {
  return {
    stdout: true,
    stderr: true,
    timestamps: true,
    follow,
    tail: tail === undefined ? 'all' : String(tail),
    since: since?.toFixed(9),
    until: until?.toFixed(9),
  }
}

/** ms between two looks at a log that is followed, and bytes that are enough to look again at once. */
const PAUSE = 20
const MANY = 16 * 1024

/** The engine sends each line by itself: what comes soon after another is handed on together with the next. */
async function* together(stream: Readable): AsyncGenerator<Buffer> {
  for await (const first of stream) {
    const chunks: Buffer[] = [first]
    // The loop alone gives one at a time, however many there are.
    for (let next = stream.read(); next !== null; next = stream.read()) chunks.push(next)
    const joined = Buffer.concat(chunks)
    yield joined
    if (joined.length < MANY) await setTimeout(PAUSE)
  }
}

async function* readLines(
  stream: Readable,
  chunks: AsyncIterable<Buffer>,
  tty: boolean,
  doing: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly LogLine[]> {
  try {
    // Rule 54: a TTY has one stream, and its data is not framed.
    yield* joinLines(tty ? terminalEntries(chunks) : frames(chunks))
  } catch (thrown) {
    if (!signal?.aborted) throw describeEngineError(thrown, doing)
  } finally {
    stream.destroy()
  }
}
