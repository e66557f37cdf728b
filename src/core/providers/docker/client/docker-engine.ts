import type Docker from 'dockerode'
import { type Access, attempt } from './calls/call.ts'
import { containerCalls } from './calls/containers.ts'
import { eventCall } from './calls/events.ts'
import { execCalls } from './calls/exec.ts'
import { imageCalls } from './calls/images.ts'
import { networkCalls } from './calls/networks.ts'
import { volumeCalls } from './calls/volumes.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine } from './engine.ts'
import { infoShape, versionShape } from './shapes.ts'
import type { Transport } from './transport.ts'

/** The calls of an engine, at the API version that `transport` has agreed on. */
export function dockerEngine(endpoint: Endpoint, transport: Transport, apiVersion: string): Engine {
  let docker: Promise<Docker> | undefined
  const access: Access = {
    get: (path, request) => transport.get(path, request),
    docker: () => {
      docker ??= import('./dockerode.ts').then(({ dockerodeOver }) => dockerodeOver(transport))
      return docker
    },
  }
  return {
    endpoint,
    apiVersion,
    ping: ({ signal } = {}) =>
      attempt('reach the Docker engine', async () => {
        await transport.ping(signal)
      }),
    version: () =>
      attempt("ask for the engine's version", async () => versionShape(await access.get('/version'), 'version')),
    info: () => attempt('ask the engine about itself', async () => infoShape(await access.get('/info'), 'info')),
    events: eventCall(access),
    containers: containerCalls(access),
    exec: execCalls(access),
    networks: networkCalls(access),
    volumes: volumeCalls(access),
    images: imageCalls(access),
    close: () => transport.close(),
  }
}
