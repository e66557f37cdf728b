import type { ResolvedConfig } from '../config/resolve.ts'
import { DdalabError } from '../errors.ts'
import type { CertificatePair } from './certificate.ts'
import { checkNames, checkTemplate } from './check-template.ts'
import { compileIngress, type IngressParts } from './compile-ingress.ts'
import { type Renderable, readComposeSource, renderComposeFile } from './compose/index.ts'
import { compileData } from './data.ts'
import { formatEnvLine } from './env-file.ts'
import { INGRESS_KINDS, type IngressSettings, ingressSettings } from './ingress/index.ts'
import { escapeDollars, type Lookup } from './interpolate.ts'
import { unmask } from './mask.ts'
import type { DataSource, GeneratedFile, Service, Stack } from './model.ts'
import { applyOverrides } from './overrides.ts'
import { compileProbes } from './probes.ts'
import type { Template } from './template.ts'
import { resolveValues, type Values } from './values.ts'

export interface CompileInput {
  readonly config: ResolvedConfig
  readonly template: Template
  /** The Compose project: the instance's name. */
  readonly project: string
  /** The instance directory, absolute. */
  readonly workingDir: string
  /** The user's home directory, for `~` in paths. */
  readonly home?: string
  /** For an ingress with TLS; see `certificateNeed`. Without it the files of the certificate are left as they are. */
  readonly certificate?: CertificatePair
}

export interface Compiled {
  readonly stack: Stack
  readonly warnings: readonly string[]
}

/**
 * What a config and a template resolve to. Pure. The Compose file and `.env` are among the stack's files; the real Compose takes
 * the two for the same stack. Errors, all of a kind at once: CONFIG_INVALID, SECRET_MISSING, TEMPLATE_INVALID, INTERPOLATION_FAILED.
 */
export function compile(input: CompileInput): Compiled {
  const { template, workingDir } = input
  const { config } = input.config
  const { settings, values, lookup, ingress } = prepare(input)
  const { stack, data, warnings } = assemble(input, ingress, values.all, values.own)
  const composeFile = composeFileName(config.docker?.composeFile)
  return {
    stack: {
      ...stack,
      workingDir,
      main: template.main,
      composeFile,
      files: [
        ...(ingress?.files ?? []),
        textFile(composeFile, composeText(assemble(input, ingress, values.masked, values.own).stack, template), false),
        textFile('.env', envText(values, template), true),
      ],
      ...(ingress !== undefined && { ingress: ingress.ingress }),
      probes: compileProbes(template, settings, Object.keys(stack.services), lookup),
      data,
      secretValues: [...values.secrets.values()],
    },
    warnings: [...values.warnings, ...warnings],
  }
}

/** The values of all names, and the environment of each service, with masks in place of secrets. Errors as of `compile`. */
export function maskedEnvironments(input: CompileInput): {
  readonly values: Values
  readonly services: readonly Pick<Service, 'name' | 'environment'>[]
} {
  const { values, ingress } = prepare(input)
  return { values, services: Object.values(assemble(input, ingress, values.masked, values.own).stack.services) }
}

/** What has to be known before the Compose file is read. */
function prepare(input: CompileInput) {
  const { template } = input
  const settings = template.ingress && ingressSettings(input.config.config)
  const values = resolveValues(template, input.config, builtIns(input, settings))
  const lookup: Lookup = (name) => values.all.get(name)
  const ingress = template.ingress && settings && compileIngress(template, template.ingress, settings, input, lookup)
  return { settings, values, lookup, ingress }
}

interface Assembled {
  readonly stack: Renderable
  readonly data: readonly DataSource[]
  readonly warnings: readonly string[]
}

/** The Compose file with the ingress and the config's overrides, for these values of all names; `own` go to the main service. */
function assemble(
  input: CompileInput,
  ingress: IngressParts | undefined,
  values: ReadonlyMap<string, string>,
  own: readonly string[],
): Assembled {
  const { template, project, workingDir, home } = input
  const { config } = input.config
  const profiles = config.profiles ?? []
  const base = { workingDir, home }
  const compose = readComposeSource(template.compose, {
    file: template.composeFile,
    project,
    ...base,
    lookup: (name) => values.get(name),
    profiles,
    readFile: () => undefined,
  })
  checkTemplate(template, compose)
  checkNames('profiles', profiles, compose.profiles)

  const { networks, volumes, configs, secrets } = compose
  const services = ingress === undefined ? compose.services : withIngress(compose.services, ingress)
  const waiting = [...Object.keys(compose.inactive), ...(ingress === undefined ? [] : INGRESS_KINDS)]
  const stack = applyOverrides({ project, services, networks, volumes, configs, secrets }, config, {
    main: template.main,
    waiting,
    base,
    variables: Object.fromEntries(own.map((name) => [name, values.get(name) ?? ''])),
    volumeKeys: compose.volumeKeys,
  })
  const marked = Object.entries(stack.services).map(([name, service]) => {
    return [name, { ...service, singleWriter: template.singleWriter.includes(name) }] as const
  })
  return {
    stack: { ...stack, services: Object.fromEntries(marked) },
    data: compileData(template, compose.services, stack.services, (name) => values.get(name)),
    warnings: compose.findings.map(({ message, place }) => `${place?.file}:${place?.line}: ${message}`),
  }
}

/** The ingress is on every network of the services behind it. */
function withIngress(services: Stack['services'], { service, ingress }: IngressParts): Stack['services'] {
  const keys = ingress.input.routes.flatMap((route) => Object.keys(services[route.service]?.networks ?? {}))
  const networks = Object.fromEntries(keys.map((key) => [key, { aliases: [] }]))
  return { ...services, [service.name]: { ...service, networks } }
}

function composeText(masked: Renderable, { title }: Template): string {
  const header = `# ${title}. Written by ddalab at every deploy: change the config, not this file.\n`
  return renderComposeFile(masked, (text) => unmask(escapeDollars(text), (name) => `\${${name}}`), header)
}

function envText({ all }: Values, { title }: Template): string {
  const header = `# ${title}: the variables of the Compose file. Written by ddalab; holds secrets.\n`
  return header + [...all].map(([name, value]) => formatEnvLine(name, value)).join('')
}

function textFile(path: string, content: string, secret: boolean): GeneratedFile {
  return { path, content, secret, services: [], reloadable: false }
}

/** Variables that every template may use in the defaults of its parameters. */
function builtIns(
  { config, project }: CompileInput,
  settings: IngressSettings | undefined,
): ReadonlyMap<string, string> {
  return new Map([
    ['PROJECT', project],
    ['ENVIRONMENT', config.environment],
    ['INGRESS_SCHEME', settings?.scheme ?? 'http'],
    ['INGRESS_DOMAIN', settings?.domain ?? 'localhost'],
    ['INGRESS_URL', settings?.url ?? 'http://localhost'],
  ])
}

function composeFileName(name = 'docker-compose.yml'): string {
  if (/^[\w.-]+\.ya?ml$/.test(name)) return name
  throw new DdalabError(
    'CONFIG_INVALID',
    `docker.composeFile must be the name of a YAML file, not ${JSON.stringify(name)}`,
    {
      hint: 'Leave it out, or write a name such as docker-compose.yml: the file lies in the directory of the instance.',
    },
  )
}
