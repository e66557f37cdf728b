import type { Container, ContainerSummary, Engine, Image } from './client/index.ts'
import { COMPOSE } from './labels.ts'

/** A Compose project that has containers on an engine. */
export interface ComposeProject {
  readonly name: string
  /** Where it was deployed from, as its containers say; undefined when they do not. */
  readonly workingDir?: string
  /** Paths of its Compose files, and of an env file that was named. */
  readonly configFiles: readonly string[]
  readonly environmentFile?: string
  readonly services: readonly string[]
  readonly images: readonly string[]
  readonly running: boolean
}

/** All Compose projects that have containers, by name. One-off containers count for nothing. */
export async function composeProjects(engine: Engine): Promise<readonly ComposeProject[]> {
  const containers = (await engine.containers.list()).filter(({ Labels }) => Labels[COMPOSE.oneOff] !== 'True')
  const byName = Map.groupBy(containers, ({ Labels }) => Labels[COMPOSE.project])
  return [...byName]
    .flatMap(([name, own]) => (name === undefined ? [] : [describe(name, own)]))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

function describe(name: string, containers: readonly ContainerSummary[]): ComposeProject {
  const label = (key: string) =>
    containers.map(({ Labels }) => Labels[key]).find((value) => value !== undefined && value !== '')
  const workingDir = label(COMPOSE.workingDir)
  const environmentFile = label(COMPOSE.environmentFile)
  return {
    name,
    ...(workingDir !== undefined && { workingDir }),
    configFiles: label(COMPOSE.configFiles)?.split(',') ?? [],
    ...(environmentFile !== undefined && { environmentFile }),
    services: [...new Set(containers.flatMap(({ Labels }) => Labels[COMPOSE.service] ?? []))],
    images: [...new Set(containers.map(({ Image }) => Image))],
    running: containers.some(({ State }) => State === 'running'),
  }
}

/** A container as it was created, in plain words. */
export interface ContainerFacts {
  readonly name: string
  readonly service: string
  readonly image: string
  readonly running: boolean
  /** Variables of the container, those that it has from its image left out. */
  readonly environment: { readonly [name: string]: string }
  readonly labels: { readonly [name: string]: string }
  readonly ports: readonly { target: number; published: string; hostIp: string; protocol: string }[]
  readonly mounts: readonly { type: string; name?: string; source: string; target: string; readOnly: boolean }[]
  readonly networks: readonly string[]
  readonly cpus?: number
  /** Bytes. */
  readonly memory?: number
}

/** The containers of a project as they were created, by service and number. */
export async function projectContainers(engine: Engine, project: string): Promise<readonly ContainerFacts[]> {
  const summaries = await engine.containers.list({ labels: { [COMPOSE.project]: project } })
  const own = summaries
    .filter(({ Labels }) => Labels[COMPOSE.oneOff] !== 'True' && Labels[COMPOSE.service] !== undefined)
    .toSorted((a, b) => Number(a.Labels[COMPOSE.number] ?? 1) - Number(b.Labels[COMPOSE.number] ?? 1))
  const facts = await Promise.all(
    own.map(async ({ Id }) => {
      const container = await engine.containers.inspect(Id)
      return container && containerFacts(container, await engine.images.inspect(container.Image))
    }),
  )
  return facts.filter((one) => one !== undefined)
}

function containerFacts(container: Container, image: Image | undefined): ContainerFacts {
  const { Name, Config, HostConfig, Mounts, NetworkSettings, State } = container
  const inherited = new Set(image?.Config?.Env ?? [])
  const ownLabels = Object.entries(Config.Labels).filter(([name, value]) => image?.Config?.Labels[name] !== value)
  return {
    name: Name.replace(/^\//, ''),
    service: Config.Labels[COMPOSE.service] ?? '',
    image: Config.Image,
    running: State.Running,
    environment: Object.fromEntries(
      Config.Env.filter((line) => !inherited.has(line)).map((line) => {
        const equals = line.indexOf('=')
        return [line.slice(0, equals), line.slice(equals + 1)] as const
      }),
    ),
    labels: Object.fromEntries(ownLabels),
    ports: Object.entries(HostConfig.PortBindings).flatMap(([port, bindings]) => {
      const [target, protocol = 'tcp'] = port.split('/')
      return bindings.map(({ HostIp, HostPort }) => ({
        target: Number(target),
        published: HostPort,
        hostIp: HostIp,
        protocol,
      }))
    }),
    mounts: Mounts.map((mount) => ({
      type: mount.Type,
      ...(mount.Name !== undefined && { name: mount.Name }),
      source: mount.Source,
      target: mount.Destination,
      readOnly: !mount.RW,
    })),
    networks: Object.keys(NetworkSettings.Networks),
    ...(HostConfig.NanoCpus > 0 && { cpus: HostConfig.NanoCpus / 1e9 }),
    ...(HostConfig.Memory > 0 && { memory: HostConfig.Memory }),
  }
}
