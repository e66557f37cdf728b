import {
  type Config,
  configSchema,
  DEFAULT_TEMPLATE,
  get,
  parsePath,
  type ResolvedConfig,
  setPath,
} from '../../../config/index.ts'
import { DdalabError } from '../../../errors.ts'
import { compile, configPath, type Port, type Stack, type Template } from '../../../stack/index.ts'
import { findTemplate } from '../../find-template.ts'
import type { InstancePlace } from '../../open.ts'
import type { World } from '../../world.ts'
import { type Found, found, foundIn } from './rules.ts'

/** The template of a config, or what is wrong with it. */
export async function templateOf(world: World, { template = DEFAULT_TEMPLATE }: Config): Promise<Template | Found> {
  try {
    return await findTemplate(world, template)
  } catch (thrown) {
    if (!(thrown instanceof DdalabError)) throw thrown
    const hint = thrown.options.hint ?? 'Run "ddalab templates list" to see what there is.'
    return found('template-unusable', ['template'], thrown.message, hint)
  }
}

export interface StackCheck {
  readonly findings: readonly Found[]
  /** As it would be with all values that are missing; undefined when there is none all the same. */
  readonly stack?: Stack
}

/** What stands between a config and a stack, but for values that are missing. */
export function checkStack(
  world: World,
  place: InstancePlace,
  template: Template,
  resolved: ResolvedConfig,
): StackCheck {
  const missing = missingValues(template, resolved.config)
  const filled = missing.reduce<unknown>((tree, { path }) => setPath(tree, path, 'missing'), resolved.config)
  try {
    const { stack, warnings } = compile({
      config: { ...resolved, config: configSchema.safeParse(filled).data ?? resolved.config },
      template,
      project: place.name,
      workingDir: place.paths.directory,
      home: world.environment.home,
    })
    const told = warnings.map((warning) =>
      found('stack-incomplete', [], warning, 'Correct the template, or do without.'),
    )
    return { findings: [...told, ...publishedTwice(stack)], stack }
  } catch (thrown) {
    if (!(thrown instanceof DdalabError)) throw thrown
    return { findings: foundIn(thrown, 'stack-invalid') }
  }
}

/** Where the main service keeps what must outlive its container. */
export function mountPointsOf({ services, main = '' }: Stack): readonly string[] {
  return (services[main]?.mounts ?? []).filter(({ type }) => type !== 'tmpfs').map(({ target }) => target)
}

/** Values that the template needs and that nothing gives. All at once: compiling stops at the first kind of mistake. */
export function missingValues({ parameters }: Template, config: Config): readonly Found[] {
  const profiles = config.profiles ?? []
  return parameters
    .filter(({ required, profile }) => required && (profile === undefined || profiles.includes(profile)))
    .filter((parameter) =>
      [undefined, ''].some((nothing) => (get(config, configPath(parameter)) ?? parameter.default) === nothing),
    )
    .map((parameter) => {
      const path = configPath(parameter)
      const how = parameter.generate === undefined ? '' : '; "ddalab init" generates one'
      return found(
        'value-missing',
        parsePath(path),
        `${path} has no value: ${parameter.description}`,
        `Set ${path}${how}.`,
      )
    })
}

/** The same port of the host for two services: the second one would not start. */
function publishedTwice({ services }: Stack): readonly Found[] {
  const published = Object.values(services).flatMap(({ name, ports }) =>
    ports.filter((port) => port.published !== undefined).map((port) => ({ name, port })),
  )
  return published.flatMap(({ name, port }, index) => {
    const former = published.slice(0, index).find((other) => other.name !== name && isSamePort(other.port, port))
    if (former === undefined) return []
    const message = `The services ${former.name} and ${name} both publish port ${port.published}`
    return [found('published-port-clash', [], message, 'Give one of them another port.')]
  })
}

function isSamePort(one: Port, other: Port): boolean {
  const isAny = ({ hostIp = '' }: Port) => ['', '0.0.0.0', '::'].includes(hostIp)
  const sameAddress = isAny(one) || isAny(other) || one.hostIp === other.hostIp
  return one.published === other.published && one.protocol === other.protocol && sameAddress
}
