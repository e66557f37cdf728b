import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig, resolveConfig } from '../config/index.ts'
import { DdalabError } from '../errors.ts'
import { DEFAULT_INSTANCE, type InstancePaths, instancePaths } from '../instance/index.ts'
import { DockerProvider } from '../providers/docker/index.ts'
import { compile, loadTemplate, type Stack, type Template } from '../stack/index.ts'
import { certificateFor } from './certificate.ts'
import type { Target, World } from './world.ts'

/** Where an instance is, before anything of it has been read. */
export interface InstancePlace {
  readonly name: string
  readonly paths: InstancePaths
}

/** An instance with its config read and resolved to a stack. */
export interface OpenInstance extends InstancePlace {
  readonly stack: Stack
  readonly warnings: readonly string[]
}

export function locateInstance({ environment }: World, { instance, configFile }: Target): InstancePlace {
  return { name: instance, paths: instancePaths(environment.configHome, instance, configFile) }
}

/** Reads the config and its template. Errors: CONFIG_*, TEMPLATE_*, SECRET_MISSING, INTERPOLATION_FAILED. */
export async function openInstance(world: World, target: Target): Promise<OpenInstance> {
  const place = locateInstance(world, target)
  const { document, warnings } = await loadConfig(place.paths.config).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const template = await findTemplate(world, document.config.template ?? 'ddalab')
  const config = resolveConfig(document.config, template.defaults)
  const certificate = await certificateFor(config.config, place.paths, world.now())
  const compiled = compile({
    config,
    template,
    project: place.name,
    workingDir: place.paths.directory,
    home: world.environment.home,
    ...(certificate !== undefined && { certificate }),
  })
  world.hide(compiled.stack.secretValues)
  return {
    ...place,
    stack: compiled.stack,
    warnings: [...warnings.map(({ message }) => message), ...compiled.warnings],
  }
}

/** A config that is not there, in the words of somebody who has named an instance and not a file. */
function noInstance(thrown: unknown, { name, paths }: InstancePlace, { configFile }: Target): unknown {
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

/** A template by name: the user's own come before those that the program brings. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID. */
export async function findTemplate(world: World, name: string): Promise<Template> {
  const own = join(userTemplates(world), name)
  const found = await access(own).then(
    () => own,
    () => join(world.templatesDir, name),
  )
  return loadTemplate(found)
}

export function userTemplates({ environment }: World): string {
  return join(environment.configHome, 'templates')
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
