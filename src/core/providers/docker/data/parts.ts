import { namedVolumes } from '../../../stack/data.ts'
import type { DataSource, Stack } from '../../../stack/model.ts'
import { isUp, type Observation, type ObservedContainer } from '../observation.ts'
import type { DataPart } from './part.ts'

/** Variables of the official images. */
const VARIABLES = {
  postgres: { user: 'POSTGRES_USER', database: 'POSTGRES_DB', password: 'POSTGRES_PASSWORD' },
  redis: { user: '', database: '', password: 'REDISCLI_AUTH' },
  s3: { user: '', database: '', password: '' },
  volume: { user: '', database: '', password: '' },
} as const

/**
 * The data of a stack where it lies now. `absent` are sources whose service has no container, and databases that do not run:
 * there is nobody who could be asked for their data. Pure.
 */
export function dataParts(
  stack: Stack,
  observation: Observation,
): { readonly parts: readonly DataPart[]; readonly absent: readonly DataSource[] } {
  const parts: DataPart[] = []
  const absent: DataSource[] = []
  for (const source of stack.data ?? namedVolumes(stack.services)) {
    const container = holderOf(source, observation)
    if (container === undefined) absent.push(source)
    else parts.push(partOf(source, container, observation))
  }
  return { parts, absent }
}

/** What has tools of its own must run; files can be copied from what is stopped as well. */
export function isDumped({ kind }: Pick<DataSource, 'kind'>): boolean {
  return kind === 'postgres' || kind === 'redis'
}

function holderOf(source: DataSource, { containers }: Observation): ObservedContainer | undefined {
  const own = containers.filter(({ service }) => service === source.service)
  const running = own.find(({ state }) => state === 'running')
  return isDumped(source) ? running : (running ?? own[0])
}

function partOf(source: DataSource, container: ObservedContainer, observation: Observation): DataPart {
  const { name, kind, service, path = '', bucket = '', live = false, variables } = source
  const others = observation.containers.map(({ imageId }) => imageId)
  const part: DataPart = {
    name,
    kind,
    service,
    container: container.id,
    images: [...new Set([container.imageId, ...others])],
    path,
    pause: [],
    bucket,
    live,
    variables: { ...VARIABLES[kind], ...variables },
  }
  const users = usersOf(part, observation).filter(({ state }) => state === 'running')
  return live || isDumped(part) ? part : { ...part, pause: users.map(({ id }) => id) }
}

/** The containers of the stack that have the files of this part: through the same volume, or the same folder of the host. */
export function usersOf({ container, path }: DataPart, { containers }: Observation): readonly ObservedContainer[] {
  const mount = containers.find(({ id }) => id === container)?.mounts.find(({ target }) => target === path)
  if (mount === undefined) return containers.filter(({ id }) => id === container)
  const same = mount.name ?? mount.source
  return containers.filter(({ mounts }) => mounts.some(({ name, source }) => (name ?? source) === same))
}

/** The containers to which the data of this part belongs: they stop while it is put back. A PostgreSQL takes it while it runs. */
export function serversOf(part: DataPart, observation: Observation): readonly ObservedContainer[] {
  if (part.kind === 'postgres') return []
  const found =
    part.kind === 'redis'
      ? observation.containers.filter(({ id }) => id === part.container)
      : usersOf(part, observation)
  return found.filter(isUp)
}
