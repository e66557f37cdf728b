import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig, resolveConfig } from '../config/index.ts'
import { type InstancePaths, instancePaths } from '../instance/index.ts'
import { DockerProvider } from '../providers/docker/index.ts'
import { compile, loadTemplate, type Stack, type Template } from '../stack/index.ts'
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
  const { document, warnings } = await loadConfig(place.paths.config)
  const template = await findTemplate(world, document.config.template ?? 'ddalab')
  const config = resolveConfig(document.config, template.defaults)
  const compiled = compile({ config, template, project: place.name, workingDir: place.paths.directory })
  world.hide(compiled.stack.secretValues)
  return { ...place, stack: compiled.stack, warnings: [...warnings.map(({ message }) => message), ...compiled.warnings] }
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
