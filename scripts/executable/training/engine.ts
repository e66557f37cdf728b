import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'

const API_VERSION = '1.44'
const MARK = '0'.repeat(52)
const STARTED = '2026-01-01T00:00:00Z'

type Tree = Readonly<Record<string, unknown>>

interface Container {
  readonly id: string
  name: string
  status: 'created' | 'running' | 'exited'
  /** Of the call that created it: most of what is asked later is in it. */
  readonly body: Tree
}

/**
 * As much of a Docker engine as a deployment asks, without containers: what is created is there, and what is started is
 * healthy at once. For training at build time, where no engine need be.
 */
export class TrainingEngine {
  readonly #server: Server
  readonly #containers = new Map<string, Container>()
  readonly #networks = new Map<string, Tree>()
  readonly #volumes = new Map<string, Tree>()
  readonly #listeners = new Set<ServerResponse>()
  #ids = 0

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  /** Gives its address, as in DOCKER_HOST: a socket in the folder, where the system has such. */
  async start(folder: string): Promise<string> {
    const socket = join(folder, 'docker.sock')
    if (process.platform === 'win32') this.#server.listen(0, '127.0.0.1')
    else this.#server.listen(socket)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    return address === null || typeof address === 'string' ? `unix://${socket}` : `tcp://127.0.0.1:${address.port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine')
    const [kind = '', name = '', action = ''] = pathname
      .replace(/^\/v[\d.]+/, '')
      .split('/')
      .slice(1)
      .map(decodeURIComponent)
    const body = request.method === 'POST' ? treeOf(await json(request).catch(() => undefined)) : {}
    response.setHeader('Api-Version', API_VERSION)
    if (kind === 'events' || action === 'stats' || action === 'logs') {
      if (kind === 'events') this.#listeners.add(response)
      response.on('close', () => this.#listeners.delete(response)).flushHeaders()
      return
    }
    const answer =
      kind === 'containers'
        ? this.#container(request.method ?? '', name, action, searchParams, body)
        : this.#other(`${request.method} ${kind}`, name, body)
    if (answer === undefined) response.writeHead(404).end(JSON.stringify({ message: `no such object: ${pathname}` }))
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }

  #other(what: string, name: string, body: Tree): unknown {
    const isList = name === '' || name === 'json'
    switch (what) {
      case 'GET _ping':
      case 'HEAD _ping':
        return 'OK'
      case 'GET version':
        return { Version: '28.0.0', ApiVersion: API_VERSION, Os: 'linux', Arch: 'amd64' }
      case 'GET info':
        return { OSType: 'linux', Architecture: 'x86_64', NCPU: 2, MemTotal: 8e9, ServerVersion: '28.0.0' }
      case 'GET images':
        return { Id: `sha256:${MARK}`, RepoTags: ['busybox:1'], Os: 'linux', Architecture: 'amd64', Config: {} }
      case 'POST networks':
      case 'POST volumes': {
        const made = { ...body, Id: this.#newId() }
        ;(what === 'POST networks' ? this.#networks : this.#volumes).set(String(body.Name), made)
        return made
      }
      case 'GET networks':
        return isList ? [...this.#networks.values()] : byNameOrId(this.#networks, name)
      case 'GET volumes':
        return isList ? { Volumes: [...this.#volumes.values()] } : this.#volumes.get(name)
      default:
        return undefined
    }
  }

  #container(method: string, name: string, action: string, query: URLSearchParams, body: Tree): unknown {
    if (name === 'json') return [...this.#containers.values()].map(summary)
    if (name === 'create') {
      const made: Container = { id: this.#newId(), name: query.get('name') ?? '', status: 'created', body }
      this.#containers.set(made.id, made)
      return { Id: made.id, Warnings: [] }
    }
    const found = [...this.#containers.values()].find((one) => one.id === name || one.name === name)
    if (found === undefined) return undefined
    if (method === 'DELETE') this.#containers.delete(found.id)
    if (action === 'json') return document(found)
    if (action === 'rename') found.name = query.get('name') ?? ''
    if (action === 'start') {
      found.status = 'running'
      for (const happened of ['start', 'health_status: healthy']) this.#tell(happened, found)
    }
    if (action === 'stop' || action === 'kill') {
      found.status = 'exited'
      this.#tell('die', found)
    }
    return {}
  }

  #tell(action: string, { id, body }: Container): void {
    const event = { Type: 'container', Action: action, Actor: { ID: id, Attributes: body.Labels }, time: 1 }
    for (const response of this.#listeners) response.write(`${JSON.stringify(event)}\n`)
  }

  #newId(): string {
    this.#ids += 1
    return `${String(this.#ids).padStart(12, '0')}${MARK}`
  }
}

function treeOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function byNameOrId(things: ReadonlyMap<string, Tree>, name: string): Tree | undefined {
  return things.get(name) ?? [...things.values()].find(({ Id }) => Id === name)
}

function networksOf({ body }: Container): Tree {
  const attached = treeOf(treeOf(body.NetworkingConfig).EndpointsConfig)
  return Object.fromEntries(
    Object.entries(attached).map(([name, one]) => [name, { ...treeOf(one), IPAddress: '10.0.0.2' }]),
  )
}

function summary(container: Container): Tree {
  const { id, name, status, body } = container
  return {
    Id: id,
    Names: [`/${name}`],
    Image: body.Image,
    ImageID: `sha256:${MARK}`,
    State: status,
    Status: status === 'running' ? 'Up 1 minute (healthy)' : status,
    Labels: body.Labels,
    NetworkSettings: { Networks: networksOf(container) },
  }
}

function document(container: Container): Tree {
  const { id, name, status, body } = container
  return {
    Id: id,
    Name: `/${name}`,
    Image: `sha256:${MARK}`,
    State: {
      Status: status,
      Running: status === 'running',
      StartedAt: STARTED,
      ...(body.Healthcheck !== undefined && { Health: { Status: 'healthy', FailingStreak: 0, Log: [] } }),
    },
    Config: body,
    HostConfig: body.HostConfig,
    NetworkSettings: { Networks: networksOf(container), Ports: {} },
  }
}
