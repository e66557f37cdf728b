import type { ChildProcessByStdio } from 'node:child_process'
import type { Agent } from 'node:http'
import { Socket } from 'node:net'
import { Duplex, type Readable, type Writable } from 'node:stream'
import { DdalabError } from '../../../errors.ts'
import { builtin } from './builtin.ts'
import { type Endpoint, endpointUrl } from './endpoint.ts'

type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>

/** The arguments the Docker CLI gives to ssh: known hosts, keys, agent and config are the user's own (rule 49). */
export function sshArguments(endpoint: SshEndpoint): readonly string[] {
  const remote =
    endpoint.remoteSocket === undefined ? 'docker' : `docker --host ${shellQuoted(`unix://${endpoint.remoteSocket}`)}`
  return [
    '-o',
    'ConnectTimeout=30',
    '-T',
    ...(endpoint.user === undefined ? [] : ['-l', endpoint.user]),
    ...(endpoint.port === undefined ? [] : ['-p', String(endpoint.port)]),
    '--',
    endpoint.host,
    `${remote} system dial-stdio`,
  ]
}

const shellQuoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

/** An HTTP agent whose connections are `ssh HOST docker system dial-stdio`, kept alive between requests. */
export function sshAgent(endpoint: SshEndpoint): Agent {
  const agent = new builtin.http.Agent({ keepAlive: true })
  agent.createConnection = () => {
    const child = builtin.childProcess.spawn('ssh', sshArguments(endpoint), {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    return new ProcessSocket(child, endpointUrl(endpoint))
  }
  return agent
}

/** How much of what ssh says on stderr is kept for the error. */
const KEPT_WORDS = 4096

/** A child process's stdin and stdout as the socket that `node:http` wants. */
class ProcessSocket extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #words = ''

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, address: string) {
    super({ allowHalfOpen: true })
    this.#child = child
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#words = (this.#words + chunk).slice(-KEPT_WORDS)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause()
    })
    // `close` comes after stdout and stderr have ended: nothing that was said is lost.
    child.on('close', (exitCode) => {
      if (exitCode === 0) this.push(null)
      else this.destroy(sshFailed(address, this.#words))
    })
    child.on('error', (cause) => this.destroy(sshMissing(address, cause)))
    child.stdin.on('error', () => this.destroy())
  }

  override _read(): void {
    this.#child.stdout.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill()
    done(error)
  }

  // What node:http asks of a socket, so that an idle connection does not keep the program alive.
  ref(): this {
    this.#child.ref()
    for (const pipe of this.#pipes()) pipe.ref()
    return this
  }

  unref(): this {
    this.#child.unref()
    for (const pipe of this.#pipes()) pipe.unref()
    return this
  }

  #pipes(): readonly Socket[] {
    return [this.#child.stdin, this.#child.stdout, this.#child.stderr].filter((pipe) => pipe instanceof Socket)
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(): this {
    return this
  }
}

function sshFailed(address: string, words: string): DdalabError {
  const details = words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return new DdalabError('ENGINE_UNREACHABLE', `ssh could not open a connection to the Docker engine at ${address}`, {
    hint: `Try it by hand: ssh ${address.replace(/(ssh:\/\/[^/]+).*/, '$1')} docker version`,
    details,
  })
}

function sshMissing(address: string, cause: Error): DdalabError {
  return new DdalabError('ENGINE_UNREACHABLE', `The system's ssh, which ${address} needs, could not be started`, {
    hint: 'Install the OpenSSH client (`openssh-client`) and see that `ssh` is in PATH.',
    cause,
  })
}
