import { BUILD } from '../build.ts'
import { DdalabError } from '../errors.ts'
import { DEFAULT_INSTANCE, type InstancePaths, instancePaths, readTakeover, type Takeover } from '../instance/index.ts'
import { DockerProvider } from '../providers/docker/index.ts'
import { type CompiledStack, isCurrent, releaseStore } from '../release/index.ts'
import { knowHashes } from '../stack/spec-hash.ts'
import { fileTexts } from './file-hashes.ts'
import type { Target, World } from './world.ts'

/** Where an instance is, before anything of it has been read. */
export interface InstancePlace {
  readonly name: string
  readonly paths: InstancePaths
}

/** The stack of an instance, and what it was made from. */
export type Compiled = CompiledStack

/** An instance with its config read and resolved to a stack. */
export interface OpenInstance extends InstancePlace, Compiled {
  /** Its stack was compiled now, and not taken from its newest release. */
  readonly compiledAnew: boolean
  /** Containers of another directory that an import made its own. */
  readonly takenOver: Takeover | undefined
}

export function locateInstance({ environment }: World, { instance, configFile }: Target): InstancePlace {
  return { name: instance, paths: instancePaths(environment.configHome, instance, configFile) }
}

/**
 * Reads an instance: from its newest release while nothing that it was made from has changed, else from its config and its
 * template. Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*, SECRET_MISSING, INTERPOLATION_FAILED.
 */
export async function openInstance(world: World, target: Target): Promise<OpenInstance> {
  const place = locateInstance(world, target)
  const newest = await newestStack(place)
  const released = newest && (await isUsable(world, target, place, newest)) ? newest : undefined
  if (released?.hashes !== undefined) knowHashes(released.stack, released.hashes)
  const compiled = released ?? (await compileAnew(world, target, place))
  world.hide(compiled.stack.secretValues)
  if (newest !== undefined) tellOtherEnvironment(world, newest, compiled)
  const takenOver = await readTakeover(place.paths)
  return { ...place, ...compiled, compiledAnew: released === undefined, takenOver }
}

/** The instance as it would be with this config, which is not saved. Errors as of `openInstance`. */
export async function openUnsaved(world: World, target: Target, config: string): Promise<OpenInstance> {
  const place = locateInstance(world, target)
  const { compileInstance } = await import('./compile-instance.ts')
  const compiled = await compileInstance(world, place, target.environment, config)
  world.hide(compiled.stack.secretValues)
  return { ...place, ...compiled, compiledAnew: true, takenOver: await readTakeover(place.paths) }
}

/** The stack of the newest release; an earlier program may have kept it in another form. */
async function newestStack({ paths }: InstancePlace): Promise<CompiledStack | undefined> {
  if (BUILD === undefined) return undefined
  const newest = await releaseStore(paths.releases).newestStack()
  return newest?.build === BUILD ? newest : undefined
}

async function isUsable(
  world: World,
  { environment }: Target,
  { paths }: InstancePlace,
  compiled: CompiledStack,
): Promise<boolean> {
  const texts = await fileTexts(Object.keys(compiled.sources))
  // Another config given with --file is another source.
  const isOfConfig = Object.hasOwn(compiled.sources, paths.config)
  return isOfConfig && isCurrent(compiled, compiled.build, world.now(), texts, environment)
}

/** The file says what is wanted, also after a deploy for another environment: then it is told, and nothing is guessed. */
function tellOtherEnvironment({ sink }: World, newest: CompiledStack, { environment }: Compiled): void {
  if (newest.environment === environment) return
  sink.emit({
    type: 'notice',
    level: 'warning',
    message: `The last deploy was for ${newest.environment}, this is for ${environment}. For the other: --environment ${newest.environment}`,
  })
}

/** The reader and the compiler of configs are loaded when there is something to read. */
async function compileAnew(world: World, target: Target, place: InstancePlace): Promise<Compiled> {
  const { compileInstance } = await import('./compile-instance.ts')
  return compileInstance(world, place, target.environment).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
}

/** A config that is not there, in the words of somebody who has named an instance and not a file. */
export function noInstance(thrown: unknown, { name, paths }: InstancePlace, { configFile }: Target): unknown {
  if (configFile !== undefined || !(thrown instanceof DdalabError) || thrown.code !== 'CONFIG_NOT_FOUND') return thrown
  return new DdalabError('INSTANCE_NOT_FOUND', `There is no instance "${name}": no config at ${paths.config}`, {
    hint: `Make it with: ddalab init${ofInstance(name)}`,
    cause: thrown,
  })
}

/** How a command line says which instance: nothing for the default one. */
export function ofInstance(name: string): string {
  return name === DEFAULT_INSTANCE ? '' : ` -i ${name}`
}

export interface OnEngineOptions {
  /** A connection to its engine that was begun before. */
  readonly connecting?: Promise<DockerProvider>
  /** As soon as the engine can be asked. */
  readonly onConnected?: ((provider: DockerProvider) => void) | undefined
}

/**
 * An instance and its engine: one is read while the other is connected to. Where both fail, what is wrong with the instance
 * is told. Errors as of `openInstance` and `connect`.
 */
export async function openOnEngine(
  world: World,
  target: Target,
  { connecting = connect(world, target), onConnected }: OnEngineOptions = {},
): Promise<{ readonly open: OpenInstance; readonly provider: DockerProvider }> {
  const connected = connecting.then((provider) => {
    onConnected?.(provider)
    return provider
  })
  const opening = openInstance(world, target)
  // Looked at below; until then a failure of the one must not end the program while it waits for the other.
  connected.catch(() => undefined)
  try {
    return { open: await opening, provider: await connected }
  } catch (thrown) {
    closeOnceOpen(connecting)
    throw thrown
  }
}

/** For a connection that is not needed any more, whether it comes about or not. */
export function closeOnceOpen(connecting: Promise<DockerProvider>): void {
  connecting.then(
    (provider) => provider.close(),
    () => undefined,
  )
}

/** The provider for an instance. Errors: ENGINE_*, CONTEXT_INVALID. */
export function connect({ environment }: World, { context }: Target): Promise<DockerProvider> {
  return DockerProvider.connect({
    platform: environment.platform,
    home: environment.home,
    environment: {
      DOCKER_HOST: environment.dockerHost,
      DOCKER_CONTEXT: environment.dockerContext,
      DOCKER_CONFIG: environment.dockerConfigDir,
      DOCKER_CERT_PATH: environment.dockerCertPath,
      DOCKER_TLS_VERIFY: environment.dockerTlsVerify ? '1' : undefined,
      XDG_RUNTIME_DIR: environment.xdgRuntimeDir,
    },
    ...(context !== undefined && { context }),
  })
}
