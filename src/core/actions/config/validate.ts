import {
  type Edit,
  type EnvironmentName,
  type Examined,
  formatPath,
  isWeak,
  type Locate,
  type Severity,
  secretsIn,
} from '../../config/index.ts'
import type { Place } from '../../errors.ts'
import { type InstancePlace, locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { ambiguousValues } from './validate/ambiguous.ts'
import { type Judgement, judge, type NotChecked } from './validate/judge.ts'
import { type Reading, readForValidation } from './validate/read.ts'
import { type Found, ofProblem } from './validate/rules.ts'

export type { NotChecked } from './validate/judge.ts'
export { ALL_RULES } from './validate/rules.ts'

export interface ValidateOptions {
  /** Look at the config and its template only, not at certificates, folders and the engine: those of another machine. */
  readonly offline: boolean
  /** A warning is as bad as an error. */
  readonly strict: boolean
  /** The file is judged as it would be with these. */
  readonly edits?: readonly Edit[]
}

/** Something that a rule found, as it is told. */
export interface ToldFinding {
  /** Stable; docs/validation.md has all of them. */
  readonly rule: string
  readonly severity: Severity
  /** Dotted, in the file; empty for what is nowhere in it. */
  readonly path: string
  readonly message: string
  readonly hint: string
  readonly place?: Place
}

export interface Validity {
  readonly valid: boolean
  /** The worst first, then in the order of the file. */
  readonly findings: readonly ToldFinding[]
  readonly checked: {
    readonly file: string
    /** As the file says; null where it could not be read. */
    readonly version: string | null
    readonly environments: readonly EnvironmentName[]
    readonly template: string | null
    /** The engine that answered. */
    readonly engine: string | null
  }
  readonly notChecked: readonly NotChecked[]
}

/**
 * Judges a config by every rule, and tells everything at once. Needs no identity and no engine, but knows more with them.
 * Changes nothing. Errors: INSTANCE_NOT_FOUND, CONFIG_NOT_FOUND; all else is a finding.
 */
export async function validate(
  world: World,
  target: Target,
  { offline, strict, edits = [] }: ValidateOptions,
): Promise<Validity> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const reading = await readForValidation(world, file, edits).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const { seen, findings: refused } = reading
  const locate: Locate = seen?.yaml.locate ?? (() => ({ file }))
  const judgement = seen?.rest === undefined ? UNJUDGED : await judgeRest(world, target, place, reading, offline)
  const findings = [
    ...refused,
    ...(seen === undefined ? [] : [...refusals(seen), ...ambiguousValues(seen)]),
    ...judgement.findings,
  ]
    .map((finding) => told(finding, locate))
    .toSorted((a, b) => rank(a) - rank(b) || position(a.place) - position(b.place))
  return {
    valid: !findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')),
    findings,
    checked: {
      file,
      version: seen?.sourceVersion ?? null,
      environments: judgement.environments,
      template: judgement.template ?? null,
      engine: judgement.engine ?? null,
    },
    notChecked: [...judgement.notChecked, ...reading.notChecked],
  }
}

/** What makes every command refuse the file: no YAML, not of the schema. */
function refusals({ yaml, wrong }: Examined): readonly Found[] {
  return [
    ...yaml.problems.map((problem) => ofProblem(problem, 'not-yaml')),
    ...wrong.map((finding): Found => ({ ...finding, rule: 'schema', severity: 'error' })),
  ]
}

const UNJUDGED: Judgement = {
  findings: [],
  environments: [],
  notChecked: [{ what: 'rules', why: 'the file could not be read' }],
}

async function judgeRest(
  world: World,
  target: Target,
  place: InstancePlace,
  { seen, file }: Reading,
  offline: boolean,
): Promise<Judgement> {
  if (seen?.rest === undefined) return UNJUDGED
  const { rest, wrong, sourceVersion, config } = seen
  const secrets = secretsIn(rest).map(({ value }) => value)
  // No message holds a value. Hiding a weak one as well would take words out of the answer, and so tell it.
  world.hide(secrets.filter((value) => !isWeak(value)))
  const judged = { config: rest, file: file?.rest ?? rest, isWhole: config !== undefined, wrong, sourceVersion }
  return judge(world, target, place, judged, offline)
}

function told({ rule, severity, path, part, message, hint, place }: Found, locate: Locate): ToldFinding {
  // What a rule of reading says about the whole file is at its beginning; what the machine says is nowhere in it.
  const where = place ?? (path.length > 0 || rule === 'schema' ? locate(path, part) : undefined)
  return { rule, severity, path: formatPath(path), message, hint, ...(where !== undefined && { place: where }) }
}

const rank = ({ severity }: ToldFinding) => ['error', 'warning', 'info'].indexOf(severity)

/** Places as one number; a line is shorter than the largest file. */
function position(place: Place | undefined): number {
  return place === undefined ? Number.MAX_SAFE_INTEGER : (place.line ?? 0) * 2_000_000 + (place.column ?? 0)
}
