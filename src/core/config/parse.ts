import { DdalabError, type Place, type Problem, problemsError } from '../errors.ts'
import { parseDocument, type YamlDocument } from './document.ts'
import { type Finding, type Locate, MOST_PROBLEMS, problemOf } from './finding.ts'
import { addedAfter, type ConfigData, CURRENT_VERSION, isNewer, migrate, tooNew, VERSIONS } from './migrations/index.ts'
import { findingsByEnvironment } from './overlay.ts'
import { formatPath, getPath, isTree, type Path, setPath, startsWith } from './path.ts'
import { type Config, configSchema } from './schema.ts'
import { schemaFindings } from './schema-problems.ts'
import { isEncrypted } from './sops/ciphertext.ts'
import { SECTION } from './sops/leaves.ts'
import { crossFieldErrors, validateConfig } from './validate/index.ts'

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

/** A text that was looked at without being refused. */
export interface Examined {
  readonly yaml: YamlDocument
  /** The version that the text says; the current one when it says none that is known. */
  readonly sourceVersion: string
  /** What is not of the schema; of a text that is partly no YAML only what is certain all the same. */
  readonly wrong: readonly Finding[]
  /** In the current version; undefined when something is wrong with it. */
  readonly config?: Config
  /** What is left when the refused values are taken out, still to be judged by the rules; undefined when nothing can be. */
  readonly rest?: Config
}

/**
 * Reads a config. Throws with all problems at once, each with its place and what to do: CONFIG_UNREADABLE (not YAML),
 * CONFIG_INVALID, CONFIG_TOO_NEW. Of a sealed one the secrets stay encrypted texts; `openConfig` opens them.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  return acceptConfig(examineConfig(text, file))
}

/** What was examined as a config, or all that is wrong with it. Errors: CONFIG_UNREADABLE, CONFIG_INVALID. */
export function acceptConfig({ yaml, sourceVersion, wrong, config, rest }: Examined): ParsedConfig {
  const across = rest === undefined ? [] : unlessRefused(findingsByEnvironment(rest, crossFieldErrors), wrong)
  const [first, ...others] = [...yaml.problems, ...inOrder(yaml, [...wrong, ...across])]
  if (first !== undefined) throw problemsError([first, ...others], `${yaml.file} is not a valid config`)
  if (config === undefined) throw new DdalabError('UNEXPECTED', `${yaml.file} was refused without a reason`)
  return {
    document: { file: yaml.file, text: yaml.text, config, locate: yaml.locate },
    sourceVersion,
    warnings: validateConfig(config, yaml.locate).warnings,
  }
}

/** Looks at a text as a config of its version. Errors: CONFIG_UNREADABLE for what is no text, CONFIG_TOO_NEW. */
export function examineConfig(text: string, file: string): Examined {
  return examineDocument(parseDocument(text, file))
}

/** The same for a text that was read, or opened. Error: CONFIG_TOO_NEW. */
export function examineDocument(yaml: YamlDocument): Examined {
  const data = configData(yaml.data)
  if (typeof data.version === 'string' && isNewer(data.version)) throw tooNew(data.version, yaml.locate(['version']))

  const version = versionFinding(yaml.data, data.version)
  const sourceVersion = version === undefined ? String(data.version) : CURRENT_VERSION
  const early = Object.keys(data).flatMap((key) => earlyKey(sourceVersion, key))
  const current = migrate({ ...data, version: sourceVersion }, sourceVersion)
  const parsed = configSchema.safeParse(current)
  const schema = parsed.success
    ? []
    : schemaFindings(parsed.error, current).map((finding) => ifEncrypted(finding, current))
  const wrong = [...(version === undefined ? [] : [version]), ...early, ...schema]
  const whole = wrong.length === 0 ? parsed.data : undefined
  const rest = yaml.brokenFrom === undefined ? (whole ?? remaining(current, wrong)) : undefined
  return {
    yaml,
    sourceVersion,
    wrong: certain(yaml, wrong),
    ...(whole !== undefined && yaml.problems.length === 0 && { config: whole }),
    ...(rest !== undefined && { rest }),
  }
}

/** The settings of a document: what SOPS keeps beside them is none. */
function configData(data: unknown): ConfigData {
  if (!isTree(data)) return {}
  const { [SECTION]: section, ...settings } = data
  return isTree(section) ? settings : data
}

/** Only texts can be judged while they are encrypted. */
function ifEncrypted(finding: Finding, data: ConfigData): Finding {
  if (!isEncrypted(getPath(data, finding.path))) return finding
  const message = `${formatPath(finding.path)} is encrypted, and is no secret`
  return {
    ...finding,
    message,
    hint: 'What opens the secrets can read it, such as a deploy; the rest needs it in plain text.',
  }
}

/** Findings that do not repeat what the schema refused already. */
export function unlessRefused<F extends Finding>(findings: readonly F[], wrong: readonly Finding[]): readonly F[] {
  return findings.filter(({ path }) => !wrong.some((finding) => startsWith(path, finding.path)))
}

/** In the order of the text, but not where the text is no YAML: that is told already. */
function inOrder(yaml: YamlDocument, findings: readonly Finding[]): readonly Problem[] {
  return findings
    .map((finding) => problemOf(finding, yaml.locate))
    .filter(({ place }) => !yaml.problems.some((problem) => samePlace(problem.place, place)))
    .toSorted((a, b) => order(a) - order(b))
}

/** In a text that is partly no YAML only what is written above that place, and has a value there, can be judged. */
function certain(yaml: YamlDocument, wrong: readonly Finding[]): readonly Finding[] {
  const { brokenFrom } = yaml
  if (brokenFrom === undefined) return wrong
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

function remaining(data: ConfigData, wrong: readonly Finding[]): Config | undefined {
  if (wrong.length >= MOST_PROBLEMS) return undefined
  return configSchema.safeParse(wrong.reduce<unknown>((tree, { path }) => without(tree, path), data)).data
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
