import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DdalabError, systemCode, toDdalabError } from '../errors.ts'
import { isMissing } from '../files.ts'
import { type DockerProvider, installHint, planDeploy, systemFacts } from '../providers/docker/index.ts'
import { createJournalStore } from '../state/index.ts'
import { leaseStore } from './lease.ts'
import { connect, type InstancePlace, locateInstance, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface Check {
  readonly name: string
  readonly verdict: 'ok' | 'warning' | 'failed'
  readonly message: string
  readonly hint?: string
  /** To be typed, one after the other. */
  readonly commands?: readonly string[]
  readonly link?: string
}

/** What a deploy would come to: there is no config to deploy, or something stands in its way. */
export function readiness(checks: readonly Check[]): 'ready' | 'no config' | 'not ready' {
  if (checks.some(({ verdict }) => verdict === 'failed')) return 'not ready'
  return checks.some(({ name, verdict }) => name === 'config' && verdict === 'ok') ? 'ready' : 'no config'
}

/** Below this much free space a pull or a database may well fail; bytes. */
const LITTLE_SPACE = 2 * 1024 ** 3

/** Looks at everything that a deploy depends on, and changes nothing. Never throws: what fails is a finding. */
export async function doctor(world: World, target: Target): Promise<readonly Check[]> {
  const place = locateInstance(world, target)
  const provider = await connect(world, target).catch(toDdalabError)
  try {
    const groups = await Promise.all([
      engineChecks(world, target, provider),
      directoryCheck(place),
      configAndPlanChecks(world, target, provider),
      interruptedRun(world, place),
    ])
    return groups.flat()
  } finally {
    if (!(provider instanceof DdalabError)) await provider.close()
  }
}

async function engineChecks(
  world: World,
  target: Target,
  provider: DockerProvider | DdalabError,
): Promise<readonly Check[]> {
  if (provider instanceof DdalabError) return [await noEngine(world, target, provider)]
  const facts = await provider.facts()
  const engine: Check = ok(
    'engine',
    `Docker Engine ${facts.version}, API ${facts.apiVersion}, ${facts.os}/${facts.architecture}`,
  )
  return [engine, await composeCheck(provider), ...(await spaceChecks(provider))]
}

/** Where the engine of this machine was looked for, how it is installed or started here. */
async function noEngine({ environment }: World, { context }: Target, error: DdalabError): Promise<Check> {
  const { platform, home, xdgRuntimeDir: runtimeDir, dockerHost, dockerContext } = environment
  const elsewhere =
    context !== undefined ||
    dockerContext !== undefined ||
    (dockerHost !== undefined && !/^(unix|npipe):/.test(dockerHost))
  if (error.code !== 'ENGINE_UNREACHABLE' || elsewhere) return failed('engine', error)
  const { summary, commands, link } = installHint(await systemFacts({ platform, home, runtimeDir, dockerHost }))
  return {
    name: 'engine',
    verdict: 'failed',
    message: error.message,
    hint: summary,
    commands,
    ...(link !== undefined && { link }),
  }
}

async function composeCheck(provider: DockerProvider): Promise<Check> {
  const plugin = await provider.composePlugin()
  if (plugin !== undefined) return ok('compose plugin', plugin)
  return {
    name: 'compose plugin',
    verdict: 'warning',
    message: 'Not installed: deploying works without it; "docker compose ps" and "logs" need it.',
    hint: 'Install the docker-compose-plugin package of your distribution or of Docker.',
  }
}

async function spaceChecks(provider: DockerProvider): Promise<readonly Check[]> {
  const free = await provider.freeSpace()
  if (free === undefined) return []
  const gigabytes = `${(free / 1024 ** 3).toFixed(1)} GiB free where the engine keeps its data`
  if (free >= LITTLE_SPACE) return [ok('disk', gigabytes)]
  return [
    {
      name: 'disk',
      verdict: 'warning',
      message: `Only ${gigabytes}.`,
      hint: 'Free space, for example with: docker image prune',
    },
  ]
}

/** Whether the files of the instance can be written, without writing one. */
async function directoryCheck({ paths: { directory } }: InstancePlace): Promise<readonly Check[]> {
  const existing = await nearestExisting(directory)
  try {
    await access(existing, constants.W_OK)
    return [ok('directory', `${directory} is writable`)]
  } catch (error) {
    return [
      {
        name: 'directory',
        verdict: 'failed',
        message: `${existing} is not writable (${systemCode(error) ?? 'unknown reason'})`,
        hint: 'Give yourself the directory, or choose another with --config-dir.',
      },
    ]
  }
}

/** The directory itself, or the nearest one above it that is there: `init` makes the others. */
async function nearestExisting(directory: string): Promise<string> {
  const isThere = await access(directory).then(
    () => true,
    (error) => !isMissing(error),
  )
  const above = dirname(directory)
  return isThere || above === directory ? directory : nearestExisting(above)
}

/** The config, and what the plan of a deploy would find in its way: ports, names, binds, platforms. */
async function configAndPlanChecks(
  world: World,
  target: Target,
  provider: DockerProvider | DdalabError,
): Promise<readonly Check[]> {
  const open = await openInstance(world, target).catch(toDdalabError)
  if (open instanceof DdalabError)
    return [
      open.code === 'CONFIG_NOT_FOUND' || open.code === 'INSTANCE_NOT_FOUND'
        ? notInitialised(open)
        : failed('config', open),
    ]
  const config = ok('config', `${open.paths.config} is valid`)
  const warnings = open.warnings.map((message): Check => ({ name: 'config', verdict: 'warning', message }))
  if (provider instanceof DdalabError) return [config, ...warnings]
  const { problems } = planDeploy(
    open.stack,
    await provider.observe(open.stack, { pull: false, takenOver: open.takenOver }),
  )
  if (problems.length === 0) return [config, ...warnings, ok('deploy', 'nothing stands in the way of a deploy')]
  const found = problems.map(
    ({ message, hint }): Check => ({ name: 'deploy', verdict: 'failed', message, ...(hint !== undefined && { hint }) }),
  )
  return [config, ...warnings, ...found]
}

async function interruptedRun(world: World, { paths }: InstancePlace): Promise<readonly Check[]> {
  const [holder, unfinished] = await Promise.all([
    leaseStore(world, paths).current(),
    createJournalStore(paths.journal).unfinished(),
  ])
  if (holder !== undefined || unfinished === undefined) return []
  return [
    {
      name: 'interrupted run',
      verdict: 'warning',
      message: `Run ${unfinished.run} did not come to its end.`,
      hint: 'The next command that changes something finishes or undoes it first: ddalab deploy',
    },
  ]
}

const ok = (name: string, message: string): Check => ({ name, verdict: 'ok', message })

function notInitialised({ message, options }: DdalabError): Check {
  return { name: 'config', verdict: 'warning', message, hint: options.hint ?? 'Make one with: ddalab init' }
}

function failed(name: string, { message, options }: DdalabError): Check {
  return { name, verdict: 'failed', message, ...(options.hint !== undefined && { hint: options.hint }) }
}
