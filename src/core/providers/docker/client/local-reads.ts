import type { Socket } from 'node:net'
import { type Answer, AnswerReader } from './answer-reader.ts'
import { builtin } from './builtin.ts'

/** Blanks and line ends would end the request's line; Node refuses these too. */
const NOT_IN_A_PATH = /[^\x21-\x7e]/

/**
 * GETs without headers whose whole answer is wanted, from the engine of this machine: on its socket or named pipe, over
 * connections that are kept. They are most of what a command asks, and Node compiles `node:http` anew in every run: for ten
 * of them that takes 26 ms of the processor, and this takes 10. All other requests are `node:http`'s.
 */
export class LocalReads {
  readonly #path: string
  readonly #idle: Connection[] = []
  readonly #open = new Set<Connection>()

  constructor(path: string) {
    this.#path = path
  }

  /** Errors: those of the connection (ENOENT, EACCES, ECONNREFUSED, ECONNRESET), BadAnswer, an AbortError. */
  async get(path: string, signal?: AbortSignal): Promise<Answer> {
    if (NOT_IN_A_PATH.test(path)) {
      throw Object.assign(new TypeError('A path of a request with characters that must be escaped'), {
        code: 'ERR_UNESCAPED_CHARACTERS',
      })
    }
    const isAborted = () => signal?.aborted === true
    if (isAborted()) throw aborted(signal)
    const kept = this.#idle.pop()
    try {
      return await this.#ask(kept ?? this.#connected(), path, signal)
    } catch (error) {
      // A kept connection that the engine closed as we took it: nothing was read, so reading again is safe.
      if (kept?.isStale !== true || isAborted()) throw error
      return await this.#ask(this.#connected(), path, signal)
    }
  }

  /** Ends all connections, and fails what is under way on them. */
  close(): void {
    const idle = this.#idle.splice(0)
    for (const connection of this.#open) if (!idle.includes(connection)) connection.close(hungUp())
    // A program that ends here and now leaves these to the system: for Node it is a thing of its own to close each.
    if (idle.length > 0)
      setImmediate(() => {
        for (const connection of idle) connection.close()
      })
  }

  async #ask(connection: Connection, path: string, signal: AbortSignal | undefined): Promise<Answer> {
    const stop = () => connection.close(aborted(signal))
    signal?.addEventListener('abort', stop)
    try {
      const answer = await connection.ask(path)
      if (answer.keepsOpen) this.#idle.push(connection)
      else connection.close()
      return answer
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  #connected(): Connection {
    const connection = new Connection(this.#path, () => {
      this.#open.delete(connection)
      const at = this.#idle.indexOf(connection)
      if (at >= 0) this.#idle.splice(at, 1)
    })
    this.#open.add(connection)
    return connection
  }
}

interface Asked {
  readonly reader: AnswerReader
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Where all connections read into: what came is taken from there at once. */
let received: Buffer | undefined

/** One connection, which takes one request at a time. While it has none it keeps no program alive. */
class Connection {
  /** The engine closed it before it said anything to the last request. */
  isStale = false
  readonly #socket: Socket
  #asked: Asked | undefined
  #hasSpoken = false

  constructor(path: string, gone: () => void) {
    received ??= Buffer.allocUnsafeSlow(64 * 1024)
    // Past the socket's readable side, a good part of which Node would have to compile for it.
    const onread = { buffer: received, callback: this.#read.bind(this) }
    this.#socket = builtin.net.connect({ path, onread })
    this.#socket.on('end', () => this.#end())
    this.#socket.on('error', (error) => this.#lose(error))
    this.#socket.on('close', () => {
      gone()
      this.#lose(hungUp())
    })
  }

  ask(path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asked = { reader: new AnswerReader(), resolve, reject }
      this.#hasSpoken = false
      this.#socket.ref()
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: docker\r\n\r\n`, 'latin1')
    })
  }

  close(error?: Error): void {
    if (error !== undefined) this.#fail(error)
    this.#socket.destroy()
  }

  /** What Node calls for each part that came, with its length; true: go on. */
  #read(length: number, bytes: Uint8Array): boolean {
    this.#take(Buffer.copyBytesFrom(bytes, 0, length))
    return true
  }

  #take(part: Buffer): void {
    this.#hasSpoken = true
    const asked = this.#asked
    try {
      if (asked === undefined) throw hungUp()
      const answer = asked.reader.take(part)
      if (answer !== undefined) this.#settle(({ resolve }) => resolve(answer))
    } catch (error) {
      // What comes next is not to be understood either.
      this.close(error instanceof Error ? error : hungUp())
    }
  }

  #end(): void {
    const answer = this.#asked?.reader.end()
    if (answer === undefined) this.#lose(hungUp())
    else this.#settle(({ resolve }) => resolve(answer))
  }

  #lose(error: Error): void {
    if (this.#asked !== undefined) this.isStale = !this.#hasSpoken
    this.#fail(error)
  }

  #fail(error: Error): void {
    this.#settle(({ reject }) => reject(error))
  }

  #settle(how: (asked: Asked) => void): void {
    const asked = this.#asked
    this.#asked = undefined
    this.#socket.unref()
    if (asked !== undefined) how(asked)
  }
}

/** As Node has it. */
function hungUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}

/** As Node has it. */
function aborted(signal: AbortSignal | undefined): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  })
}
