import { join } from 'node:path'
import { BUILD } from '../build.ts'
import {
  assertFit,
  DEFAULT_TEMPLATE,
  type EnvironmentName,
  identityStore,
  openConfig,
  openConfigText,
  ownEnvironment,
  resolveConfig,
} from '../config/index.ts'
import { DEFAULT_KEEP, STACK_FORMAT } from '../release/index.ts'
import { compile, type Template } from '../stack/index.ts'
import { certificateFor, certificatePaths } from './certificate.ts'
import { fileTexts, hashesOf } from './file-hashes.ts'
import { findTemplate, userTemplates } from './find-template.ts'
import type { Compiled, InstancePlace } from './open.ts'
import type { World } from './world.ts'

/** How long a compiled stack may be used before its certificate is looked at again; ms. */
const CERTIFICATE_CHECK = 24 * 3_600_000

/**
 * Reads and compiles everything anew for an environment (undefined: the config's own); from `unsaved`, a text that would be
 * the config, where that is given.
 * Errors: CONFIG_*, IDENTITY_*, SECRETS_*, TEMPLATE_*, SECRET_MISSING, INTERPOLATION_FAILED.
 */
export async function compileInstance(
  world: World,
  place: InstancePlace,
  environment: EnvironmentName | undefined,
  unsaved?: string,
): Promise<Compiled> {
  const file = place.paths.config
  const identities = identityStore(world.environment)
  const opened = await (unsaved === undefined
    ? openConfig(file, identities)
    : openConfigText(unsaved, file, identities))
  const { document, warnings, secretValues } = opened
  world.hide(secretValues)
  const template = await findTemplate(world, document.config.template ?? DEFAULT_TEMPLATE)
  const config = resolveConfig(document.config, template.defaults, environment)
  assertFit(document, config)
  const certificate = await certificateFor(config.config, place.paths, world.now())
  const { stack, warnings: more } = compile({
    config,
    template,
    project: place.name,
    workingDir: place.paths.directory,
    home: world.environment.home,
    ...(certificate !== undefined && { certificate }),
  })
  const [certificatePath, keyPath] = certificatePaths(config.config, place.paths)
  const texts = {
    ...(await fileTexts(templateFiles(world, template))),
    [place.paths.config]: document.text,
    // A new one is not in its file yet; the deploy writes it there.
    ...(certificate !== undefined && { [certificatePath]: certificate.certificate, [keyPath]: certificate.key }),
  }
  return {
    format: STACK_FORMAT,
    build: BUILD ?? 'source',
    keep: config.config.updates?.keep ?? DEFAULT_KEEP,
    ...(config.config.updates?.keepBackups !== undefined && { keepBackups: config.config.updates.keepBackups }),
    environment: config.environment,
    ownEnvironment: ownEnvironment(document.config),
    stack,
    warnings: [...warnings.map(({ message }) => message), ...more],
    sources: hashesOf(texts),
    texts,
    goodUntil: new Date(world.now().getTime() + CERTIFICATE_CHECK).toISOString(),
  }
}

/** The files of the template, and the place where one of the user's own would come before it. */
function templateFiles(world: World, { name, directory, composeFile }: Template): readonly string[] {
  return [...new Set([join(userTemplates(world), name, 'template.yml'), join(directory, 'template.yml'), composeFile])]
}
