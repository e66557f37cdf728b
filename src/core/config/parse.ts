import { DdalabError, type Place, type Problem, problemsError } from '../errors.ts'
import { parseDocument, type YamlDocument } from './document.ts'
import { type Finding, type Locate, MOST_PROBLEMS, problemOf } from './finding.ts'
import { addedAfter, type ConfigData, CURRENT_VERSION, isNewer, migrate, tooNew, VERSIONS } from './migrations/index.ts'
import { getPath, isTree, type Path, setPath, startsWith } from './path.ts'
import { type Config, configSchema } from './schema.ts'
import { schemaFindings } from './schema-problems.ts'
import { crossFieldErrors, validateConfig } from './validate.ts'

/** A config file that was read: its text as it is, and what it means in the current version. */
export interface ConfigFile {
  readonly file: string
  readonly text: string
  readonly config: Config
  /** Places in the text, also for paths that a later check complains about. */
  readonly locate: Locate
}

export interface ParsedConfig {
  readonly document: ConfigFile
  /** The version that the text says; older ones are carried up in memory, the file is not touched. */
  readonly sourceVersion: string
  readonly warnings: readonly Problem[]
}

/**
 * Reads a config. Throws with all problems at once, each with its place and what to do: CONFIG_UNREADABLE (not YAML),
 * CONFIG_INVALID, CONFIG_TOO_NEW.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const yaml = parseDocument(text, file)
  const data: ConfigData = isTree(yaml.data) ? yaml.data : {}
  const version = data.version
  if (typeof version === 'string' && isNewer(version)) throw tooNew(version, yaml.locate(['version']))

  const outcome = check(yaml, data)
  const [first, ...rest] = [...yaml.problems, ...outcome.problems]
  if (first !== undefined) throw problemsError([first, ...rest], `${file} is not a valid config`)
  if (outcome.config === undefined) throw new DdalabError('UNEXPECTED', `${file} was refused without a reason`)

  const { config } = outcome
  return {
    document: { file, text: yaml.text, config, locate: yaml.locate },
    sourceVersion: typeof version === 'string' ? version : CURRENT_VERSION,
    warnings: validateConfig(config, yaml.locate).warnings,
  }
}

interface Outcome {
  readonly config?: Config
  readonly problems: readonly Problem[]
}

function check(yaml: YamlDocument, data: ConfigData): Outcome {
  const version = versionFinding(yaml.data, data.version)
  const source = version === undefined ? String(data.version) : CURRENT_VERSION
  const early = Object.keys(data).flatMap((key) => earlyKey(source, key))
  const current = migrate({ ...data, version: source }, source)
  const parsed = configSchema.safeParse(current)
  const schema = parsed.success ? [] : schemaFindings(parsed.error, current)
  const wrong = [...(version === undefined ? [] : [version]), ...early, ...schema]
  const across = crossField(current, wrong)

  const problems = certain(yaml, wrong, across)
    .map((finding) => problemOf(finding, yaml.locate))
    .filter(({ place }) => !yaml.problems.some((problem) => samePlace(problem.place, place)))
    .toSorted((a, b) => order(a) - order(b))
  return { ...(parsed.success && { config: parsed.data }), problems }
}

/** In a text that is partly no YAML only what is written above that place, and has a value there, can be judged. */
function certain(yaml: YamlDocument, wrong: readonly Finding[], across: readonly Finding[]): readonly Finding[] {
  const { brokenFrom } = yaml
  if (brokenFrom === undefined) return [...wrong, ...across]
  return wrong.filter(
    ({ path, part }) => (yaml.locate(path, part).line ?? 0) < brokenFrom && getPath(yaml.data, path) != null,
  )
}

function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a?.line === b?.line && a?.column === b?.column
}

/** Positions as one number: lines are shorter than the largest file. */
function order({ place }: Problem): number {
  return (place?.line ?? 0) * 2_000_000 + (place?.column ?? 0)
}

/** The rules over several fields, on what the schema left to judge; they do not repeat what it refused. */
function crossField(data: ConfigData, wrong: readonly Finding[]): readonly Finding[] {
  if (wrong.length >= MOST_PROBLEMS) return []
  const rest = configSchema.safeParse(wrong.reduce<unknown>((tree, { path }) => without(tree, path), data))
  if (!rest.success) return []
  return crossFieldErrors(rest.data).filter(({ path }) => !wrong.some((finding) => startsWith(path, finding.path)))
}

/** The data without a refused value; of a list nothing is left. */
function without(tree: unknown, path: Path): unknown {
  const item = path.findIndex((step) => typeof step === 'number')
  const target = item === -1 ? path : path.slice(0, item)
  return target.length === 0 || target[0] === 'version' ? tree : setPath(tree, target, undefined)
}

function versionFinding(root: unknown, version: unknown): Finding | undefined {
  const known = `Known versions: ${VERSIONS.join(', ')}.`
  const finding = (path: Path, message: string, hint: string): Finding => ({ path, part: 'value', message, hint })
  if (root === null) return finding([], 'The config is empty', `Start with the line "version: ${CURRENT_VERSION}".`)
  if (!isTree(root)) return finding([], 'The config must be a section: keys and values', 'Write key: value lines.')
  if (version === undefined) {
    return finding(['version'], 'version is missing', `Add the line "version: ${CURRENT_VERSION}".`)
  }
  if (typeof version !== 'string' || !/^\d+\.\d+\.\d+$/.test(version)) {
    return finding(['version'], 'version must be three numbers joined by dots', known)
  }
  return VERSIONS.includes(version) ? undefined : finding(['version'], `There is no version ${version}`, known)
}

function earlyKey(version: string, key: string): readonly Finding[] {
  const since = addedAfter(version, key)
  if (since === undefined) return []
  return [
    {
      path: [key],
      part: 'key',
      message: `${key} is a setting of version ${since}, the file says version ${version}`,
      hint: `Write "version: ${CURRENT_VERSION}"; all settings of ${version} keep their meaning.`,
    },
  ]
}
