import type { Engine } from './client/index.ts'
import { heldPorts } from './host.ts'
import { COMPOSE } from './labels.ts'

/** Who publishes a TCP port on the engine's host: `container web-1 of project shop`; undefined when no container does. */
export async function containerAtPort(engine: Engine, port: number): Promise<string | undefined> {
  const containers = await engine.containers.list({ running: true })
  const holder = containers.find(({ Ports }) =>
    Ports.some(({ PublicPort, Type }) => PublicPort === port && Type === 'tcp'),
  )
  if (holder === undefined) return undefined
  const name = (holder.Names[0] ?? holder.Id).replace(/^\//, '')
  const project = holder.Labels[COMPOSE.project]
  return `container ${name}${project === undefined ? '' : ` of project ${project}`}`
}

/** Who listens on a TCP port of this machine: `nginx (pid 812)`, `another program`; undefined when nobody does. */
export async function processAtPort(port: number): Promise<string | undefined> {
  const [held] = await heldPorts([{ target: port, published: String(port), protocol: 'tcp', mode: 'ingress' }])
  return held === undefined ? undefined : (held.holder ?? 'another program')
}
