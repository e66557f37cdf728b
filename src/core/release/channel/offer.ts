import { DdalabError } from '../../errors.ts'
import { type Channel, isHigher, isOn, namedVersion, newerVersions, type Version } from './versions.ts'

/** What a release says of itself, apart from its images. */
export interface ReleaseFacts {
  /** Plain text or Markdown; null where nobody wrote any. */
  readonly notes: string | null
  /** Must not be skipped: whoever is older goes through it. */
  readonly mandatory: boolean
  /** What it does to the data cannot be undone by running an earlier release. */
  readonly irreversible: boolean
  /** The version of the config that it needs at least. */
  readonly minimumConfig: string | null
}

export interface Candidate extends Version, ReleaseFacts {}

export interface Choice<T extends Candidate> {
  /** Null: there is nothing to do. */
  readonly offer: T | null
  /** Everything that the channel has over the current version, newest first. */
  readonly newer: readonly T[]
}

export interface Wish {
  readonly channel: Channel
  /** Undefined when nobody can tell: then nothing is offered that nobody has named, because it might be older. */
  readonly current: Pick<Version, 'version' | 'variant'> | undefined
  /** Whether this program can work with a config of that version. */
  readonly knowsConfig: (version: string) => boolean
  /** The version that a person has named. */
  readonly named?: string | undefined
}

/**
 * The release to go to. Without a name the newest one of the channel that this program can install, but no further than the
 * next mandatory one. Errors, for a name: VERSION_NOT_FOUND, UPDATE_DOWNGRADE, UPDATE_OUT_OF_ORDER, PROGRAM_TOO_OLD. Pure.
 */
export function chooseOffer<T extends Candidate>(candidates: readonly T[], wish: Wish): Choice<T> {
  const { channel, current, named } = wish
  const newer = newerVersions(candidates, current ?? LOWEST, channel)
  if (named === undefined) return { offer: current === undefined ? null : newestFitting(newer, wish), newer }
  const wanted = namedVersion(named, candidates, current)
  if (wanted !== null) assertInstallable(wanted, newer, wish)
  return { offer: wanted, newer }
}

const LOWEST = { version: '0.0.0-0', variant: '' }

function newestFitting<T extends Candidate>(newer: readonly T[], { knowsConfig }: Wish): T | null {
  const step = newer.findLast(({ mandatory }) => mandatory)
  const reachable = newer.filter(({ version }) => step === undefined || !isHigher(version, step.version))
  return reachable.find((candidate) => fits(candidate, knowsConfig)) ?? null
}

function fits({ minimumConfig }: ReleaseFacts, knowsConfig: Wish['knowsConfig']): boolean {
  return minimumConfig === null || knowsConfig(minimumConfig)
}

function assertInstallable(wanted: Candidate, newer: readonly Candidate[], { current, knowsConfig }: Wish): void {
  if (!fits(wanted, knowsConfig)) {
    throw new DdalabError(
      'PROGRAM_TOO_OLD',
      `${wanted.version} needs a config of version ${wanted.minimumConfig}, which this ddalab does not know`,
      { hint: 'Install a newer ddalab first; the system stays as it is.' },
    )
  }
  const skipped = newer.findLast(({ mandatory, version }) => mandatory && isHigher(wanted.version, version))
  if (current === undefined || skipped === undefined) return
  throw new DdalabError(
    'UPDATE_OUT_OF_ORDER',
    `${skipped.version} comes between ${current.version} and ${wanted.version}, and must not be skipped`,
    { hint: `Update to ${skipped.version} first.` },
  )
}

/** Whether anything that a way leads over cannot be undone: the releases above the current one, up to the offer. */
export function isIrreversible(
  offer: Candidate,
  { newer, channel }: { newer: readonly Candidate[]; channel: Channel },
): boolean {
  const passed = newer.filter(({ version }) => isOn(channel, version) && !isHigher(version, offer.version))
  return [offer, ...passed].some(({ irreversible }) => irreversible)
}
