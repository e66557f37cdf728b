import { CURRENT_VERSION } from '../config/migrations/index.ts'
import { parsePath, setPath } from '../config/path.ts'
import { get, resolveConfig } from '../config/resolve.ts'
import { type Config, configSchema } from '../config/schema.ts'
import { schemaFindings } from '../config/schema-problems.ts'
import type { Template } from '../stack/template.ts'
import type { Context } from './context.ts'
import { mapEnvironment } from './environment.ts'
import { mapImages } from './images.ts'
import { mapLeftOut } from './left-out.ts'
import { mapNetworks } from './networks.ts'
import { mapPorts } from './ports.ts'
import { type Roles, rolesOf } from './roles.ts'
import { mapRoutes } from './routes.ts'
import { joined, type Note, note, type Part, type Setting, type Source } from './source.ts'
import { templateProfiles, templateServices } from './template-services.ts'
import { mapTls } from './tls.ts'
import { mapVolumes } from './volumes.ts'

/** A config without its version, and what became of everything that is not in it. */
export interface Mapped {
  readonly config: Partial<Config>
  /** Services of the source whose work the instance does under another name. */
  readonly replaced: readonly string[]
  /** The volumes and folders that are used again. */
  readonly data: readonly KeptData[]
  readonly notes: readonly Note[]
}

/** A volume by its name, or a folder by its path. */
export interface KeptData {
  readonly source: string
  readonly service: string
  readonly target: string
}

export interface MapOptions {
  readonly source: Source
  readonly template: Template
  /** Name of the instance to be. */
  readonly instance: string
  /** Whether a file of the host is there. */
  readonly fileExists: (path: string) => boolean
}

/** The config that makes of the template what the source is. Pure. Undefined when the source has nothing of the template. */
export function configOf(options: MapOptions): Mapped | undefined {
  const { source, template } = options
  const wanted = templateServices(template)
  const roles = rolesOf(source, template, wanted)
  if (roles === undefined) return undefined
  const context: Context = { ...options, wanted, roles }

  const environment = mapEnvironment(context)
  const defaults = defaultsFor(environment.settings, template)
  const number = (path: string) => Number(chosenValue(environment.settings, path) ?? get(defaults, path))
  const routes = mapRoutes(context)
  const domain = chosenValue(routes.settings, 'ingress.domain')
  const { settings, notes } = joined([
    environment,
    mapImages(context),
    mapVolumes(context),
    mapNetworks(context),
    routes,
    mapPorts(context, { api: number('api.port'), web: number('web.port') }),
    mapTls(context, typeof domain === 'string' ? domain : undefined),
    mapLeftOut(context),
    added(context),
  ])
  const fitting = settings.flatMap((setting) => fits(setting) ?? [])
  const config = fitting
    .filter(({ path, value }) => path === 'docker.image' || !isDefault(value, get(defaults, path)))
    .reduce<unknown>((tree, { path, value }) => setPath(tree, parsePath(path), value), { template: template.name })
  return {
    config: configSchema.omit({ version: true }).parse(config),
    replaced: replacedServices(roles),
    data: keptData(context),
    notes: [...source.notes, ...notes, ...settings.filter((setting) => fits(setting) === undefined).map(misfit)],
  }
}

function chosenValue(settings: readonly Setting[], path: string): unknown {
  return settings.findLast((setting) => setting.path === path)?.value
}

/** What holds where the config says nothing, in the environment of the source. */
function defaultsFor(settings: readonly Setting[], template: Template): Config {
  const chosen = setPath({ version: CURRENT_VERSION }, ['environment'], chosenValue(settings, 'environment'))
  const document = configSchema.safeParse(chosen)
  return resolveConfig(document.success ? document.data : { version: CURRENT_VERSION }, template.defaults).config
}

/** A setting as the environment has it: the texts are what the program sees. */
function isDefault(value: unknown, normal: unknown): boolean {
  const text = (one: unknown) => (Array.isArray(one) ? one.map(String).join(',') : String(one))
  return normal !== undefined && text(value) === text(normal)
}

function fits(setting: Setting): Setting | undefined {
  return wrongWith(setting) === undefined ? setting : undefined
}

function wrongWith({ path, value }: Setting): string | undefined {
  const data = setPath({ version: CURRENT_VERSION }, parsePath(path), value)
  const parsed = configSchema.safeParse(data)
  return parsed.success ? undefined : (schemaFindings(parsed.error, data)[0]?.message ?? 'it does not fit')
}

function misfit(setting: Setting): Note {
  return note('warning', setting.path, `${wrongWith(setting)}; set it by hand`)
}

function replacedServices({ services, ingress }: Roles): readonly string[] {
  const front = ingress === undefined ? [] : ([[ingress.kind, ingress.service]] as const)
  const renamed = [...Object.entries(services), ...front].filter(([role, { service }]) => service.name !== role)
  return renamed.map(([, { service }]) => service.name)
}

function keptData({ source, roles, template, wanted }: Context): readonly KeptData[] {
  return Object.entries(roles.services).flatMap(([role, { service }]) =>
    service.mounts.flatMap(({ target, ...mount }) => {
      const known = role === template.main || wanted[role]?.mounts.some((one) => one.target === target) === true
      if (!known || mount.type === 'tmpfs' || mount.source === undefined) return []
      const name = mount.type === 'bind' ? mount.source : (source.volumes[mount.source]?.name ?? mount.source)
      return [{ source: name, service: role, target }]
    }),
  )
}

/** Services that the template brings and the source does not have. */
function added({ wanted, roles, template }: Context): Part {
  const optional = templateProfiles(template)
  const present = Object.entries(roles.services).filter(([, { active }]) => active)
  const chosen = new Set(present.flatMap(([role]) => optional[role] ?? []))
  const runs = (role: string) => optional[role]?.some((profile) => chosen.has(profile)) ?? true
  const missing = Object.keys(wanted).filter((role) => roles.services[role] === undefined && runs(role))
  const notes = missing.map((role) => note('changed', `service ${role}`, 'the template runs one; the source has none'))
  const ingress = roles.ingress === undefined && template.ingress !== undefined
  return {
    settings: [],
    notes: ingress
      ? [...notes, note('changed', 'the ingress', 'the template puts one before the app; the source has none')]
      : notes,
  }
}
