import {
  type Config,
  checkConfig,
  crossFieldErrors,
  DEFAULT_TEMPLATE,
  ENVIRONMENTS,
  type EnvironmentName,
  type Examined,
  isSecretSchemaPath,
  ownEnvironment,
  type ResolvedConfig,
  resolveConfig,
  secretsIn,
  unlessRefused,
  writtenAt,
} from '../../../config/index.ts'
import { redactor } from '../../../redact.ts'
import { type Stack, secretTest } from '../../../stack/index.ts'
import type { InstancePlace } from '../../open.ts'
import type { Target, World } from '../../world.ts'
import { checkCertificate } from './certificate.ts'
import { checkHost } from './host.ts'
import type { Found } from './rules.ts'
import { checkStack, missingValues, mountPointsOf, templateOf } from './stack.ts'

/** Something that could not be judged, and why. */
export interface NotChecked {
  readonly what: 'rules' | 'strength of secrets' | 'stack' | 'certificate' | 'folders' | 'engine'
  readonly why: string
}

export interface Judgement {
  readonly findings: readonly Found[]
  readonly environments: readonly EnvironmentName[]
  readonly template?: string
  /** The engine that answered, in words. */
  readonly engine?: string
  readonly notChecked: readonly NotChecked[]
}

export interface Judged extends Pick<Examined, 'wrong' | 'sourceVersion'> {
  /** The config as far as it was understood, its secrets opened as far as they can be. */
  readonly config: Config
  /** The same with the secrets as they stand in the file. */
  readonly file: Config
  /** Nothing of the file was refused. */
  readonly isWhole: boolean
}

/** What all rules say about a config: by itself, with its template, and unless `offline` with the machine around it. */
export async function judge(
  world: World,
  target: Target,
  place: InstancePlace,
  { config: whole, file, isWhole, wrong, sourceVersion }: Judged,
  offline: boolean,
): Promise<Judgement> {
  const config = forEnvironment(whole, target.environment)
  const environment = ownEnvironment(config)
  const template = await templateOf(world, config)
  const isUsable = !('rule' in template)
  const resolved = resolveConfig(config, isUsable ? template.defaults : {})
  // A stack of what is left over would only bring out mistakes that come from mistakes.
  const made = isUsable && isWhole ? checkStack(world, place, template, resolved) : { findings: [] }
  const machine = await lookAround(world, target, place, made.stack, resolved, offline)

  const byRules = checkConfig(config, {
    file,
    defaults: isUsable ? template.defaults : {},
    sourceVersion,
    names: [place.name, config.template ?? DEFAULT_TEMPLATE],
    isSecret: isUsable ? secretTest(template) : isSecretSchemaPath,
    ...(made.stack !== undefined && { mountPoints: mountPointsOf(made.stack) }),
  })
  const inThisEnvironment = [
    ...(isUsable ? missingValues(template, resolved.config) : [template]),
    // The compiler says in its way what the rules have said; it may quote what the template makes of a secret.
    ...(crossFieldErrors(resolved.config).length === 0 ? made.findings.map(masking(config, made.stack)) : []),
    ...machine.findings,
  ].map((finding) => ({
    ...finding,
    path: finding.path.length === 0 ? [] : writtenAt(config, environment, finding.path),
  }))
  return {
    findings: unlessRefused(
      [...byRules, ...inThisEnvironment],
      wrong.filter(({ path }) => path.length > 0),
    ),
    environments: ENVIRONMENTS.filter((name) => name === environment || config.environments?.[name] !== undefined),
    ...(isUsable && { template: template.name }),
    ...(machine.engine !== undefined && { engine: machine.engine }),
    notChecked: [...notMade(made.stack, isUsable), ...machine.notChecked],
  }
}

/** The config for the environment that is asked for alone; for its own and all that it has overlays of when none is. */
function forEnvironment(config: Config, asked: EnvironmentName | undefined): Config {
  if (asked === undefined) return config
  const { environments, ...rest } = config
  const overlay = environments?.[asked]
  return { ...rest, environment: asked, ...(overlay !== undefined && { environments: { [asked]: overlay } }) }
}

function masking(config: Config, stack: Stack | undefined): (finding: Found) => Found {
  const redact = redactor([...secretsIn(config).map(({ value }) => value), ...(stack?.secretValues ?? [])])
  return (finding) => ({ ...finding, message: redact(finding.message), hint: redact(finding.hint) })
}

function notMade(stack: Stack | undefined, isUsable: boolean): readonly NotChecked[] {
  if (stack !== undefined) return []
  return [{ what: 'stack', why: isUsable ? 'the config has errors' : 'its template cannot be used' }]
}

type Surroundings = Pick<Judgement, 'findings' | 'engine' | 'notChecked'>

/** What only the machine that it runs on can tell. */
async function lookAround(
  world: World,
  target: Target,
  place: InstancePlace,
  stack: Stack | undefined,
  resolved: ResolvedConfig,
  offline: boolean,
): Promise<Surroundings> {
  const not = (whats: readonly NotChecked['what'][], why: string) => whats.map((what) => ({ what, why }))
  if (offline) return { findings: [], notChecked: not(['certificate', 'folders', 'engine'], '--offline') }
  const certificate = await checkCertificate(resolved.config, place.paths, {
    now: world.now(),
    platform: world.environment.platform,
  })
  if (stack === undefined) {
    return { findings: certificate, notChecked: not(['folders', 'engine'], 'there is no stack to look for') }
  }
  const { findings, engine, folders, why } = await checkHost(world, target, stack, resolved)
  return {
    findings: [...certificate, ...findings],
    ...(engine !== undefined && { engine }),
    notChecked: [
      ...(folders ? [] : not(['folders'], 'the engine is on another machine')),
      ...(why === undefined ? [] : not(['engine'], why)),
    ],
  }
}
