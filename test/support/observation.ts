import { createHash } from 'node:crypto'
import type { Plan } from '../../src/core/kernel/plan.ts'
import { COMPOSE, DDALAB } from '../../src/core/providers/docker/labels.ts'
import type { EngineFacts, Observation, ObservedContainer } from '../../src/core/providers/docker/observation.ts'
import type { Stack } from '../../src/core/stack/model.ts'
import { serviceHash } from '../../src/core/stack/spec-hash.ts'

export const anEngine: EngineFacts = {
  version: '28.5.2',
  apiVersion: '1.51',
  os: 'linux',
  architecture: 'amd64',
  rootless: false,
  local: true,
  lowestPort: 0,
  cpus: 2,
}

/** An engine with the images of the stack and nothing else. */
export function nothingOf(stack: Stack, given: Partial<Observation> = {}): Observation {
  const images = Object.values(stack.services).map(({ image }) => [
    image,
    { id: imageId(image), repoDigests: [], os: 'linux', architecture: 'amd64' },
  ])
  return {
    engine: anEngine,
    containers: [],
    foreign: [],
    networks: [],
    volumes: [],
    images: Object.fromEntries(images),
    registryDigests: {},
    portHolders: [],
    missingBindSources: [],
    files: {},
    ...given,
  }
}

/** The stack, deployed and healthy. */
export function allOf(stack: Stack, given: Partial<Observation> = {}): Observation {
  return nothingOf(stack, {
    containers: Object.keys(stack.services).map((service) => aContainer(stack, service)),
    networks: Object.values(stack.networks).map(({ name }) => ({
      id: hex(name),
      name,
      driver: 'bridge',
      internal: false,
      labels: {},
    })),
    volumes: Object.values(stack.volumes).map(({ name }) => ({ name, driver: 'local', options: {}, labels: {} })),
    ...given,
  })
}

/** The first container of a service, as we would have made it, running and healthy. */
export function aContainer(stack: Stack, name: string, given: Partial<ObservedContainer> = {}): ObservedContainer {
  const service = stack.services[name]
  if (service === undefined) throw new Error(`no service ${name}`)
  const { hash, sections } = serviceHash(stack, service)
  return {
    id: hex(`${stack.project}-${name}-1`),
    name: `${stack.project}-${name}-1`,
    service: name,
    number: 1,
    state: 'running',
    health: 'healthy',
    exitCode: 0,
    restarts: 0,
    image: service.image,
    imageId: imageId(service.image),
    restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
    ports: [],
    mounts: [],
    networks: Object.keys(service.networks).map((key) => stack.networks[key]?.name ?? key),
    labels: {
      [COMPOSE.project]: stack.project,
      [COMPOSE.service]: name,
      [DDALAB.specHash]: hash,
      [DDALAB.spec]: JSON.stringify(sections),
    },
    ...given,
  }
}

export const hex = (text: string) => createHash('sha256').update(text).digest('hex')
export const imageId = (reference: string) => `sha256:${hex(reference)}`

/** A plan as one reads it: a step a line, with what it waits for. */
export function printPlan({ operations }: Plan): string {
  return operations
    .map(({ id, cause, after, phase }) => {
      const mark = phase === 'commit' ? '[commit] ' : ''
      return `${mark}${id} (${cause})${after.length === 0 ? '' : ` after ${[...after].sort().join(', ')}`}`
    })
    .join('\n')
}
