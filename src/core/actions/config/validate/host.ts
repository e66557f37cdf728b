import { access } from 'node:fs/promises'
import { formatPath, getPath, type Path, type ResolvedConfig } from '../../../config/index.ts'
import { DdalabError, type ErrorCode, type Problem } from '../../../errors.ts'
import { isMissing } from '../../../files.ts'
import { readTakeover, type Takeover } from '../../../instance/index.ts'
import { type DockerProvider, type Observation, planDeploy } from '../../../providers/docker/index.ts'
import type { Mount, Stack } from '../../../stack/index.ts'
import { connect, locateInstance } from '../../open.ts'
import type { Target, World } from '../../world.ts'
import { type Found, found, type OtherRule, ofProblem } from './rules.ts'

export interface HostCheck {
  readonly findings: readonly Found[]
  /** The engine that answered, in words. */
  readonly engine?: string
  /** Whether folders were looked for; not where they lie on another machine (rule 40). */
  readonly folders: boolean
  /** Why the engine was not asked. */
  readonly why?: string
}

/** What the machine of an engine has: processors, bytes of memory; 0 where it does not say. */
interface Capacity {
  readonly cpus: number
  readonly memory: number
}

/** What a deploy of the stack would find in its way on its machine. Changes nothing. */
export async function checkHost(
  world: World,
  target: Target,
  stack: Stack,
  resolved: ResolvedConfig,
): Promise<HostCheck> {
  const provider = await connect(world, target).catch(unreachable)
  if (provider instanceof DdalabError) return withoutEngine(world, target, stack, resolved, provider)
  try {
    const takenOver = await readTakeover(locateInstance(world, target).paths)
    return await withEngine(provider, stack, resolved, takenOver)
  } catch (thrown) {
    return withoutEngine(world, target, stack, resolved, unreachable(thrown))
  } finally {
    await provider.close()
  }
}

function unreachable(thrown: unknown): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  throw thrown
}

async function withoutEngine(
  { environment }: World,
  { context }: Target,
  stack: Stack,
  resolved: ResolvedConfig,
  { message, options }: DdalabError,
): Promise<HostCheck> {
  const hint = options.hint ?? 'Run "ddalab doctor", or leave this out with --offline.'
  const told = found('host-not-checked', [], `What runs on the machine was not checked: ${message}`, hint)
  const { dockerHost, dockerContext } = environment
  const elsewhere = [context, dockerContext].some((name) => name !== undefined && name !== 'default')
  const folders = !elsewhere && (dockerHost === undefined || /^(?:unix|npipe):/.test(dockerHost))
  const missing = folders ? missingFolders(await absent(bindSources(stack)), stack, resolved) : []
  return { findings: [...missing, told], folders, why: message }
}

async function withEngine(
  provider: DockerProvider,
  stack: Stack,
  resolved: ResolvedConfig,
  takenOver: Takeover | undefined,
): Promise<HostCheck> {
  const [observation, capacity, { version, os, architecture, local }] = await Promise.all([
    provider.observe(stack, { pull: false, takenOver }),
    provider.capacity(),
    provider.facts(),
  ])
  return {
    findings: judgeHost(stack, resolved, observation, capacity),
    engine: `Docker Engine ${version}, ${os}/${architecture}`,
    folders: local,
  }
}

/** What stands between a stack and an engine. Pure. */
export function judgeHost(
  stack: Stack,
  resolved: ResolvedConfig,
  observation: Observation,
  capacity: Capacity,
): readonly Found[] {
  const obstacles = planDeploy(stack, observation).problems.filter(({ code }) => code !== 'BIND_SOURCE_MISSING')
  return [
    ...missingFolders(observation.missingBindSources, stack, resolved),
    ...obstacles.map((problem) =>
      ofProblem(problem, RULE_OF[problem.code] ?? 'deploy-impossible', portPath(problem, resolved)),
    ),
    ...aboveCapacity(capacity, stack),
  ]
}

const RULE_OF: { readonly [Code in ErrorCode]?: OtherRule } = {
  PORT_TAKEN: 'port-taken',
  PORT_PRIVILEGED: 'port-forbidden',
  NAME_TAKEN: 'name-taken',
  VOLUME_CHANGED: 'volume-changed',
  NETWORK_IN_USE: 'network-changed',
  PRECONDITION_FAILED: 'external-missing',
  IMAGE_WRONG_PLATFORM: 'image-platform',
  IMAGE_NOT_FOUND: 'image-absent',
}

/** The setting that a port of the host comes from, as far as one has just that number. */
function portPath({ message }: Problem, { config }: ResolvedConfig): Path {
  const port = /\bport (\d+)/i.exec(message)?.[1]
  const parameters = Object.keys(config.parameters ?? {}).map((name): Path => ['parameters', name])
  const settings: readonly Path[] = [['ingress', 'httpPort'], ['ingress', 'httpsPort'], ['api', 'port'], ...parameters]
  return settings.find((path) => String(getPath(config, path)) === port) ?? []
}

/** Folders that are bound, but for those that a deploy writes. */
function bindSources({ services, files, workingDir }: Stack): readonly string[] {
  const written = files.map(({ path }) => `${workingDir}/${path}`)
  const sources = Object.values(services).flatMap(({ mounts }) => mounts.filter(isBind).map(({ source }) => source))
  return [...new Set(sources)].filter(
    (source) => !written.some((file) => file === source || file.startsWith(`${source}/`)),
  )
}

function isBind(mount: Mount): mount is Extract<Mount, { readonly type: 'bind' }> {
  return mount.type === 'bind'
}

async function absent(folders: readonly string[]): Promise<readonly string[]> {
  const isAbsent = await Promise.all(folders.map((folder) => access(folder).then(() => false, isMissing)))
  return folders.filter((_folder, index) => isAbsent[index])
}

function missingFolders(sources: readonly string[], stack: Stack, { config }: ResolvedConfig): readonly Found[] {
  const volumes = Object.entries(config.docker?.volumes ?? {})
  return sources.map((source) => {
    const target = Object.values(stack.services)
      .flatMap(({ mounts }) => mounts)
      .find((mount) => isBind(mount) && mount.source === source)?.target
    const key = volumes.find(([, path]) => path === target)?.[0]
    const path: Path = key === undefined ? [] : ['docker', 'volumes', key]
    const subject = key === undefined ? 'A folder that is to be mounted' : formatPath(path)
    return found('bind-missing', path, `${subject} does not exist: ${source}`, 'Create it, or correct the path.')
  })
}

function aboveCapacity(machine: Capacity, { services }: Stack): readonly Found[] {
  return Object.values(services).flatMap(({ name, resources: { cpus = 0, memory = 0 } }) => {
    const above = (rule: OtherRule, key: string, amount: string, hint: string) => {
      const path = ['resources', name, key]
      return found(rule, path, `${formatPath(path)} is above the ${amount} of the machine`, hint)
    }
    const gigabytes = `${(machine.memory / 1024 ** 3).toFixed(1)} GiB`
    return [
      ...(machine.cpus > 0 && cpus > machine.cpus
        ? [above('cpus-above-host', 'cpus', `${machine.cpus} processors`, 'Give it as many at most.')]
        : []),
      ...(machine.memory > 0 && memory > machine.memory
        ? [above('memory-above-host', 'memory', gigabytes, 'So it limits nothing: give it less.')]
        : []),
    ]
  })
}
