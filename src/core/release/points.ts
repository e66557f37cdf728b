import { isDeepStrictEqual } from 'node:util'
import { DdalabError } from '../errors.ts'
import type { Release } from './release.ts'

/** Rollback points that are kept where the config does not say how many. */
export const DEFAULT_KEEP = 3

/** The releases that can be gone back to, oldest first: those before the current one that nobody has pruned. Pure. */
export function rollbackPoints(releases: readonly Release[]): readonly Release[] {
  return releases.slice(0, -1).filter(({ rollbackPoint }) => rollbackPoint !== false)
}

/**
 * Which rollback points stay when there is a new current release: the newest `keep` states that differ from it and from each
 * other. `dropped` are those that have been points up to now. Both oldest first. Pure.
 */
export function selectPoints(
  releases: readonly Release[],
  keep: number,
): { readonly points: readonly Release[]; readonly dropped: readonly Release[] } {
  const current = releases.at(-1)
  const chosen: Release[] = []
  for (const candidate of rollbackPoints(releases).toReversed()) {
    if (chosen.length >= keep) break
    const isNew = [current, ...chosen].every((other) => other === undefined || !isSameState(candidate, other))
    if (isNew) chosen.unshift(candidate)
  }
  return { points: chosen, dropped: rollbackPoints(releases).filter((release) => !chosen.includes(release)) }
}

/** Whether going from one release to the other would change nothing: images, config and stack are the same. Pure. */
export function isSameState(one: Release, other: Release): boolean {
  if (one.stack === undefined || one.stack !== other.stack) return false
  if (one.config?.sha256 !== other.config?.sha256 || one.environment !== other.environment) return false
  const ids = ({ images }: Release) => Object.entries(images).map(([service, { imageId }]) => [service, imageId])
  return isDeepStrictEqual(ids(one).sort(), ids(other).sort())
}

/**
 * The release that a person means by its id or its version; without a word, the rollback point before the current release.
 * Of a state that was recorded several times the newest record is meant. ROLLBACK_POINT_NOT_FOUND. Pure.
 */
export function chooseRelease(releases: readonly Release[], word: string | undefined): Release {
  const points = rollbackPoints(releases)
  const current = releases.at(-1)
  if (word === undefined) {
    const former = points.at(-1)
    if (former !== undefined) return former
    const message = current === undefined ? 'Nothing has been deployed yet' : `There is no release before ${current.id}`
    throw notFound(`${message}: there is nothing to go back to.`, points)
  }
  const available = current === undefined ? points : [current, ...points]
  const named =
    available.find(({ id }) => id === word) ??
    points.findLast(({ version }) => version === word) ??
    available.find(({ version }) => version === word)
  if (named !== undefined) return named
  const pruned = releases.findLast(({ id, version }) => id === word || version === word)
  if (pruned === undefined) throw notFound(`There is no release "${word}".`, points)
  const same = available.findLast((release) => isSameState(release, pruned))
  if (same !== undefined) return same
  throw notFound(`Release ${pruned.id} (${pruned.version}) is no rollback point any more.`, points)
}

/**
 * The irreversible release whose effect on the data stands between the current release and an earlier one (rule 12);
 * undefined when nothing does. Pure.
 */
export function irreversibleBetween(releases: readonly Release[], target: Release): Release | undefined {
  const current = releases.at(-1)
  const last = current && lastIrreversible(releases, current)
  if (last === undefined) return undefined
  const ofTarget = lastIrreversible(releases, target)
  return ofTarget === undefined || releases.indexOf(ofTarget) < releases.indexOf(last) ? last : undefined
}

/** The irreversible release that the data of a release has gone through last. A rollback is where its target was. */
function lastIrreversible(releases: readonly Release[], release: Release): Release | undefined {
  const index = releases.indexOf(release)
  const target = releases.slice(0, index).find(({ id }) => id === release.of)
  if (target !== undefined) return lastIrreversible(releases, target)
  if (release.irreversible === true) return release
  const before = releases[index - 1]
  return before && lastIrreversible(releases, before)
}

function notFound(message: string, points: readonly Release[]): DdalabError {
  const names = points.toReversed().map(({ id, version }) => `${id} (${version})`)
  const hint = names.length === 0 ? 'See what was deployed: ddalab releases' : `Rollback points: ${names.join(', ')}.`
  return new DdalabError('ROLLBACK_POINT_NOT_FOUND', message, { hint })
}
