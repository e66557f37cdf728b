import semver from 'semver'
import { didYouMean } from '../../config/did-you-mean.ts'
import { DdalabError } from '../../errors.ts'

export type Channel = 'stable' | 'beta' | 'dev'

/**
 * What a tag says. `1.2.3` and `v1.2.3` are versions; words for early ones (`rc`, `beta`, ...) and bare numbers after a dash
 * make a pre-release (`1.2.3-rc1`, read as `1.2.3-rc.1`); anything else after a dash is a variant of the image
 * (`1.2.3-alpine`), which is only ever compared with its own kind. `latest`, `edge`, `1`, `1.2` move, and are no versions.
 */
export interface Version {
  /** As it is written, which is how it is pulled. */
  readonly tag: string
  /** `1.2.3` or `1.2.3-rc.1`, by semver 2.0. */
  readonly version: string
  /** Empty for none. */
  readonly variant: string
}

const NUMBERS = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-(.+))?$/
/** The words of early versions, and the channel that asks for them. */
const STAGES: { readonly [word: string]: Channel } = {
  rc: 'beta',
  beta: 'beta',
  b: 'beta',
  pre: 'beta',
  preview: 'beta',
  next: 'beta',
  alpha: 'dev',
  a: 'dev',
  dev: 'dev',
  snapshot: 'dev',
  nightly: 'dev',
  canary: 'dev',
}
const ACCEPTED: { readonly [channel in Channel]: readonly Channel[] } = {
  stable: ['stable'],
  beta: ['stable', 'beta'],
  dev: ['stable', 'beta', 'dev'],
}

/** The version that a tag names; undefined for one that moves or names something else. */
export function readVersion(tag: string): Version | undefined {
  const numbers = NUMBERS.exec(tag)
  return numbers?.[3] === undefined ? undefined : versionOf(tag, numbers)
}

/**
 * The versions among the tags of a repository, newest first, each once. Two numbers are a version (`16.3`) only where the
 * repository never writes three: otherwise such a tag moves. Of `1.2.3` and `v1.2.3` the one that is written like `like` is taken.
 */
export function readVersions(tags: readonly string[], like = ''): readonly Version[] {
  const full = tags.flatMap((tag) => readVersion(tag) ?? [])
  const found = full.length > 0 ? full : tags.flatMap((tag) => twoNumbers(tag) ?? [])
  const first = (version: Version) => (version.tag.startsWith('v') === like.startsWith('v') ? 0 : 1)
  const sorted = found.toSorted((a, b) => newestFirst(a, b) || first(a) - first(b))
  return sorted.filter((version, index) => {
    const before = sorted[index - 1]
    return before === undefined || newestFirst(before, version) !== 0
  })
}

function twoNumbers(tag: string): Version | undefined {
  const numbers = NUMBERS.exec(tag)
  return numbers === null || numbers[3] !== undefined ? undefined : versionOf(tag, numbers)
}

function versionOf(tag: string, [, major, minor, patch = '0', suffix]: RegExpExecArray): Version | undefined {
  const { early, variant } = readSuffix(suffix)
  const version = `${Number(major)}.${Number(minor)}.${Number(patch)}${early === '' ? '' : `-${early}`}`
  return semver.valid(version) === null ? undefined : { tag, version, variant }
}

/** `rc1-alpine` is an early version, and a variant of it. */
function readSuffix(suffix = ''): { readonly early: string; readonly variant: string } {
  const [first = '', ...rest] = suffix.split('-')
  const [, word = '', number = ''] = /^([a-z]*)[.]?(\d*(?:\.\d+)*)$/i.exec(first) ?? []
  const isEarly = word === '' ? number !== '' : Object.hasOwn(STAGES, word.toLowerCase())
  if (!isEarly) return { early: '', variant: suffix }
  // `rc.10` comes after `rc.2`, and `rc10` would not.
  const numbers = number.split('.').map((part) => (part === '' ? '' : String(Number(part))))
  return { early: [word.toLowerCase(), ...numbers].filter(Boolean).join('.'), variant: rest.join('-') }
}

/** The channel from which on a version is offered. */
export function stageOf(version: string): Channel {
  const [first] = semver.prerelease(version) ?? []
  if (first === undefined) return 'stable'
  return STAGES[String(first)] ?? 'dev'
}

/** Higher versions come first; variants of one version stand together. */
export function newestFirst(a: Pick<Version, 'version' | 'variant'>, b: Pick<Version, 'version' | 'variant'>): number {
  return semver.rcompare(a.version, b.version) || a.variant.localeCompare(b.variant)
}

export function isHigher(version: string, than: string): boolean {
  return semver.gt(version, than)
}

/** Whether a version is one that this channel offers. */
export function isOn(channel: Channel, version: string): boolean {
  return ACCEPTED[channel].includes(stageOf(version))
}

/** What a channel offers over the current version, newest first: of its variant, and never an older one. Pure. */
export function newerVersions<T extends Version>(
  versions: readonly T[],
  current: Pick<Version, 'version' | 'variant'>,
  channel: Channel,
): readonly T[] {
  return versions
    .filter(({ version, variant }) => variant === current.variant && isOn(channel, version))
    .filter(({ version }) => isHigher(version, current.version))
    .toSorted(newestFirst)
}

/**
 * The version that somebody named, by its tag or its number, on whatever channel it is; null when it is the current one.
 * Errors: VERSION_NOT_FOUND with the nearest ones, UPDATE_DOWNGRADE for an older one.
 */
export function namedVersion<T extends Version>(
  named: string,
  versions: readonly T[],
  current: Pick<Version, 'version' | 'variant'> | undefined,
): T | null {
  const found = findVersion(named, versions, current?.variant ?? '')
  if (found === undefined) throw notFound(named, versions)
  if (current === undefined || isHigher(found.version, current.version)) return found
  if (found.version === current.version) return null
  throw new DdalabError('UPDATE_DOWNGRADE', `${found.version} is older than ${current.version}, which is current`, {
    hint: 'An update never goes back; a rollback does, to a release that ran here.',
    nextSteps: ['ddalab rollback'],
  })
}

/** `1.3.0` is the one of the current variant, where there is one. */
function findVersion<T extends Version>(named: string, versions: readonly T[], variant: string): T | undefined {
  const exact = versions.find(({ tag }) => tag === named)
  const wanted = readVersion(named) ?? twoNumbers(named)
  if (wanted === undefined) return exact
  const same = versions.filter(({ version }) => version === wanted.version)
  return same.find((candidate) => candidate.variant === (wanted.variant || variant)) ?? exact
}

const NEAREST = 4

function notFound(named: string, versions: readonly Version[]): DdalabError {
  const nearest = nearestVersions(named, versions)
  return new DdalabError('VERSION_NOT_FOUND', `There is no version ${JSON.stringify(named.slice(0, 128))}`, {
    hint: nearest.length === 0 ? 'There are no versions at all.' : `The nearest are: ${nearest.join(', ')}.`,
  })
}

/** Those around the one that was named; the newest ones where nothing is near. */
function nearestVersions(named: string, versions: readonly Version[]): readonly string[] {
  const sorted = versions.toSorted(newestFirst)
  const tags = sorted.map(({ tag }) => tag)
  const wanted = readVersion(named) ?? twoNumbers(named)
  if (wanted === undefined) {
    const meant = didYouMean(named, tags)
    return [...new Set([...(meant === undefined ? [] : [meant]), ...tags])].slice(0, NEAREST)
  }
  const below = sorted.findIndex(({ version }) => !isHigher(version, wanted.version))
  const middle = below === -1 ? sorted.length : below
  const start = Math.max(0, Math.min(middle - NEAREST / 2, sorted.length - NEAREST))
  return tags.slice(start, start + NEAREST)
}
