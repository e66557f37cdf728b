import type { Container, ContainerSummary, Image } from './client/index.ts'
import { COMPOSE } from './labels.ts'
import type {
  ContainerState,
  ForeignContainer,
  HealthState,
  ObservedContainer,
  ObservedImage,
  ObservedPort,
} from './observation.ts'

/** What the engine says of a container, in our words. */
export function observedContainer(container: Container): ObservedContainer {
  const { State, Config, HostConfig, NetworkSettings } = container
  const started = !State.StartedAt.startsWith('0001-') && State.StartedAt !== ''
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    service: Config.Labels[COMPOSE.service] ?? '',
    number: Number(Config.Labels[COMPOSE.number] ?? 1),
    state: containerState(State.Status),
    health: healthState(container),
    exitCode: State.ExitCode,
    restarts: container.RestartCount,
    ...(started && { startedAt: State.StartedAt }),
    image: Config.Image,
    imageId: container.Image,
    restartPolicy: {
      name: HostConfig.RestartPolicy.Name || 'no',
      maximumRetryCount: HostConfig.RestartPolicy.MaximumRetryCount,
    },
    ports: Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) => publishedPorts(port, bindings)),
    mounts: container.Mounts.map(({ Type, Name, Source, Destination }) => ({
      type: Type,
      ...(Name !== undefined && { name: Name }),
      source: Source,
      target: Destination,
    })),
    networks: Object.keys(NetworkSettings.Networks),
    labels: Config.Labels,
  }
}

/** The engine's default number of failed checks that make a container unhealthy. */
const RETRIES = 3

/**
 * What its checks say. A container that stood still is called unhealthy by the engine until its next check, which may be half a
 * minute away: with fewer failures in a row than it takes, the last check counts.
 */
function healthState({ State: { Health }, Config }: Container): HealthState {
  const isMemory = Health?.Status === 'unhealthy' && Health.FailingStreak < (Config.Healthcheck?.Retries || RETRIES)
  if (isMemory) return Health.Log.at(-1)?.ExitCode === 0 ? 'healthy' : 'starting'
  const status = Health?.Status
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none'
}

function publishedPorts(port: string, bindings: readonly { HostIp: string; HostPort: string }[]): ObservedPort[] {
  const [target, protocol = 'tcp'] = port.split('/')
  return bindings.map(({ HostIp, HostPort }) => ({
    ip: HostIp,
    published: Number(HostPort),
    target: Number(target),
    protocol,
  }))
}

export function foreignContainer({ Id, Names, Labels, State, Ports, Mounts }: ContainerSummary): ForeignContainer {
  const project = Labels[COMPOSE.project]
  return {
    id: Id,
    name: (Names[0] ?? Id).replace(/^\//, ''),
    ...(project !== undefined && { project }),
    running: State === 'running',
    mounts: Mounts.map(({ Name, Source }) => Name ?? Source),
    ports: Ports.flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
      PublicPort === undefined ? [] : [{ ip: IP ?? '', published: PublicPort, target: PrivatePort, protocol: Type }],
    ),
  }
}

export function observedImage({ Id, RepoDigests, Os, Architecture }: Image): ObservedImage {
  return { id: Id, repoDigests: RepoDigests, os: Os, architecture: Architecture }
}

const STATES: readonly ContainerState[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']

/** A state that the API may add later is treated as running: it is left alone. */
function containerState(status: string): ContainerState {
  return STATES.find((state) => state === status) ?? 'running'
}
