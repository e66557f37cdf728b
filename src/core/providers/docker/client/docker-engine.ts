import Docker from 'dockerode'
import { attempt } from './calls/call.ts'
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

declare module 'dockerode' {
  interface DockerOptions {
    /** In the place of docker-modem; see transport.ts. */
    readonly modem?: Transport
  }
}

/** The facade over dockerode, at the API version that `transport` has agreed on. */
export function dockerEngine(endpoint: Endpoint, transport: Transport, apiVersion: string): Engine {
  const docker = new Docker({ modem: transport })
  return {
    endpoint,
    apiVersion,
    ping: ({ signal } = {}) =>
      attempt('reach the Docker engine', async () => {
        await transport.ping(signal)
      }),
    version: () => attempt("ask for the engine's version", async () => versionShape(await docker.version(), 'version')),
    info: () => attempt('ask the engine about itself', async () => infoShape(await docker.info(), 'info')),
    events: eventCall(docker),
    containers: containerCalls(docker),
    exec: execCalls(docker),
    networks: networkCalls(docker),
    volumes: volumeCalls(docker),
    images: imageCalls(docker),
    close: () => transport.close(),
  }
}
