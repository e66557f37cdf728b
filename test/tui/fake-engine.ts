import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A container as the fake has it. */
export interface FakeContainer {
  readonly id: string
  readonly service: string
  readonly status: 'running' | 'exited'
}

/** As much of a Docker engine as a dashboard asks: containers of one project, and events when the test says so. */
export class FakeEngine {
  readonly host: string
  readonly #path: string
  readonly #project: string
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()
  readonly #listeners = new Set<ServerResponse>()
  containers: readonly FakeContainer[] = []

  constructor(path: string, project: string) {
    this.#path = path
    this.#project = project
    this.host = `unix://${path}`
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => this.#answer(request, response)).listen(this.#path)
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await once(this.#server, 'listening')
  }

  /** All at once, as when the daemon is killed. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  happens(action: string, id: string): void {
    const event = { Type: 'container', Action: action, Actor: { ID: id, Attributes: {} }, time: 1 }
    for (const response of this.#listeners) response.write(`${JSON.stringify(event)}\n`)
  }

  #answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Api-Version', '1.44')
    const path = url.replace(/^\/v[\d.]+/, '').replace(/\?.*/, '')
    if (path === '/_ping') response.end('OK')
    else if (path === '/events') {
      this.#listeners.add(response)
      response.on('close', () => this.#listeners.delete(response))
      response.flushHeaders()
    } else if (path === '/containers/json')
      response.end(JSON.stringify(this.containers.map((one) => this.#summary(one))))
    else {
      const found = this.containers.find(({ id }) => path === `/containers/${id}/json`)
      if (found === undefined) response.writeHead(404).end(JSON.stringify({ message: `No such object: ${path}` }))
      else response.end(JSON.stringify(this.#document(found)))
    }
  }

  #labels(service: string) {
    return { 'com.docker.compose.project': this.#project, 'com.docker.compose.service': service }
  }

  #summary({ id, service, status }: FakeContainer) {
    return {
      Id: id,
      Names: [`/${service}`],
      Image: 'busybox:1',
      ImageID: 'i',
      State: status,
      Labels: this.#labels(service),
    }
  }

  #document({ id, service, status }: FakeContainer) {
    return {
      Id: id,
      Name: `/${service}`,
      Image: 'sha256:1',
      RestartCount: 2,
      State: { Status: status, ExitCode: 0, StartedAt: '2026-03-01T09:30:00Z', Health: null },
      Config: { Image: 'busybox:1', Labels: this.#labels(service) },
      HostConfig: {},
      NetworkSettings: {},
    }
  }
}
