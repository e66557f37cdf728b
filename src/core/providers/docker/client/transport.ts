import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { RequestOptions } from 'node:https'
import { stringify } from 'node:querystring'
import { Duplex, type Readable } from 'node:stream'
import type DockerModem from 'docker-modem'
import type { Answer } from './answer-reader.ts'
import { builtin } from './builtin.ts'
import type { Endpoint } from './endpoint.ts'
import type { CallOptions } from './engine.ts'
import { LocalReads } from './local-reads.ts'
import { sshAgent } from './ssh-agent.ts'

type DialOptions = DockerModem.DialOptions

export interface ReadRequest extends CallOptions {
  readonly query?: object
}

/** What the engine answered when it did not do what was asked. */
export class HttpError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/**
 * The wire under dockerode, in the place of docker-modem, which reads DOCKER_HOST behind our back (rule 48), brings an ssh
 * client that checks no host keys (rule 49), writes credentials into its debug log, and takes most of the time to load.
 */
export class Transport {
  /** Set once it is negotiated, `1.51`. */
  apiVersion: string | undefined
  /** Set by dockerode. */
  Promise = Promise
  readonly #endpoint: Endpoint
  readonly #target: RequestOptions
  /** Of an engine on this machine. */
  readonly #local: LocalReads | undefined
  #agent: Agent | undefined

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
    this.#target = targetOf(endpoint)
    this.#local = endpoint.kind === 'unix' || endpoint.kind === 'npipe' ? new LocalReads(endpoint.path) : undefined
  }

  /** docker-modem's one entry, as dockerode calls it: queries and bodies are told apart by `_query` and `_body`. */
  dial(options: DialOptions, callback: DockerModem.RequestCallback): void {
    this.#exchange(options).then(
      (result) => callback(null, result),
      (error: Error) => callback(error, null),
    )
  }

  /** The answer to a GET, decoded. Errors: those of the connection, HttpError. */
  async get(path: string, { query = {}, signal }: ReadRequest = {}): Promise<object> {
    const asked = { path: `${path}?`, options: { _query: query }, ...(signal && { abortSignal: signal }) }
    return content(await this.#read(asked))
  }

  /** The API version the engine prefers; undefined when it does not say. */
  async ping(signal?: AbortSignal): Promise<string | undefined> {
    const { status, reason, headers } = await this.#read({ path: '/_ping', ...(signal && { abortSignal: signal }) })
    if (status !== 200) throw new HttpError(status, reason)
    return headers.get('api-version')
  }

  /** Ends all connections. */
  close(): void {
    this.#local?.close()
    this.#agent?.destroy()
  }

  async #exchange(options: DialOptions): Promise<object> {
    if (options.method === 'GET' && options.isStream !== true) return content(await this.#read(options))
    const response = await this.#respond(options)
    if (response instanceof Duplex) return response
    const status = response.statusCode ?? 0
    if (options.isStream && isSuccess(status)) return response
    const text = await readText(response)
    if (options.hijack && isSuccess(status)) throw new HttpError(status, 'the engine did not open a two-way stream')
    return content({ status, text })
  }

  /** The whole answer to a GET. */
  async #read(options: Omit<DialOptions, 'method'>): Promise<Omit<Answer, 'keepsOpen'>> {
    // Credentials go in a header.
    if (this.#local !== undefined && options.authconfig === undefined)
      return this.#local.get(this.#pathOf(options), options.abortSignal)
    const response = await this.#respond({ ...options, method: 'GET' })
    if (response instanceof Duplex) throw new Error(`${options.path} answered with an upgrade`)
    const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const)
    return {
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      headers: new Map(headers),
      text: await readText(response),
    }
  }

  /** Sends a request; gives the answer's head, or the two-way stream of a hijacked connection. */
  #respond(options: DialOptions, retried = false): Promise<IncomingMessage | Duplex> {
    const { body, headers } = bodyOf(options)
    const { abortSignal: signal } = options
    this.#agent ??= agentFor(this.#endpoint)
    const agent = this.#agent
    return new Promise((resolve, reject) => {
      const request = (this.#target.protocol === 'https:' ? builtin.https : builtin.http).request({
        ...this.#target,
        agent,
        method: options.method,
        path: this.#pathOf(options),
        headers,
        ...(signal && { signal }),
      })
      request.on('response', resolve)
      request.on('upgrade', (_response, socket, head) => {
        if (head.length > 0) socket.unshift(head)
        signal?.addEventListener('abort', () => socket.destroy(), { once: true })
        resolve(socket)
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection that the engine closed as we took it: nothing was read, so reading again is safe.
        const stale = request.reusedSocket && error.code === 'ECONNRESET' && options.method === 'GET'
        if (stale && !retried) resolve(this.#respond(options, true))
        else reject(error)
      })
      if (isReadable(body)) body.on('error', (error) => request.destroy(error)).pipe(request)
      else request.end(body)
    })
  }

  #pathOf(options: Pick<DialOptions, 'path' | 'options'>): string {
    return `${this.apiVersion === undefined ? '' : `/v${this.apiVersion}`}${pathOf(options)}`
  }
}

const isReadable = (body: unknown): body is Readable => typeof body === 'object' && body !== null && 'pipe' in body

function agentFor(endpoint: Endpoint): Agent {
  if (endpoint.kind === 'ssh') return sshAgent(endpoint)
  if (endpoint.kind === 'tcp' && endpoint.tls !== undefined) {
    // Rule 50: the certificate is always verified, against the given CA or the system's.
    return new builtin.https.Agent({ keepAlive: true, rejectUnauthorized: true, ...endpoint.tls })
  }
  return new builtin.http.Agent({ keepAlive: true })
}

/** No TLS, no server name: Node otherwise takes 5 ms to find out whether the host is an IPv6 address. */
const PLAIN = { servername: '' }

function targetOf(endpoint: Endpoint): RequestOptions {
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return { socketPath: endpoint.path, host: 'docker', ...PLAIN }
    case 'tcp':
      return endpoint.tls === undefined
        ? { host: endpoint.host, port: endpoint.port, ...PLAIN }
        : { host: endpoint.host, port: endpoint.port, protocol: 'https:' }
    case 'ssh':
      return { host: 'docker', ...PLAIN }
  }
}

/** dockerode ends the paths that take a query with `?`. */
function pathOf({ path, options = {} }: Pick<DialOptions, 'path' | 'options'>): string {
  if (!path.endsWith('?')) return path
  const fields = Object.entries(options._query ?? (options._body === undefined ? options : {}))
    .filter(([name, value]) => value !== undefined && name !== 'abortSignal' && name !== 'authconfig')
    .map(([name, value]) => [name, isPlainObject(value) ? JSON.stringify(value) : value])
  const query = stringify(Object.fromEntries(fields))
  return query === '' ? path.slice(0, -1) : path + query
}

const isPlainObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

function bodyOf({ method, path, options, file, authconfig, hijack }: DialOptions) {
  const headers: OutgoingHttpHeaders = {
    ...(authconfig?.base64 !== undefined && { 'X-Registry-Auth': authconfig.base64 }),
    ...(hijack && { Connection: 'Upgrade', Upgrade: 'tcp' }),
  }
  if (file !== undefined) return { body: file, headers: { ...headers, 'Content-Type': 'application/x-tar' } }
  const fields: unknown = options?._body ?? (path.endsWith('?') ? undefined : options)
  if (method !== 'POST' || fields === undefined) return { body: undefined, headers }
  const body = JSON.stringify(fields)
  return {
    body,
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
  }
}

/** By events: iterating would load and compile more of Node's streams than all requests of a command need together. */
function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (part: string) => {
      text += part
    })
    response.on('end', () => resolve(text))
    response.on('error', reject)
  })
}

const isSuccess = (status: number) => status >= 200 && status <= 299

/** What the engine answered. Throws HttpError. */
function content({ status, text }: Pick<Answer, 'status' | 'text'>): object {
  if (!isSuccess(status)) throw new HttpError(status, messageOf(text))
  return parsed(text)
}

/** The engine's own words: `{"message": "..."}`, or the text as it came. */
function messageOf(text: string): string {
  const answer = parsed(text)
  return 'message' in answer && typeof answer.message === 'string' ? answer.message : text.trim()
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
