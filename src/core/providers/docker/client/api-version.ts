import { DdalabError } from '../../../errors.ts'

/** Engine 20.10. */
const OLDEST = '1.41'
/** Engine 28.5: the newest whose answers we know. */
const NEWEST = '1.51'

/**
 * The API version to speak with an engine whose newest is `offered` (rule 45): the older of its newest and ours.
 * Errors: ENGINE_TOO_OLD.
 */
export function agreedVersion(offered: string | undefined, address: string): string {
  // The ping of every engine we support says its version; one that does not is older than all of them.
  if (offered === undefined || isOlder(offered, OLDEST)) {
    throw new DdalabError(
      'ENGINE_TOO_OLD',
      `The Docker engine at ${address} speaks API ${offered ?? 'without a version'}; ddalab needs ${OLDEST} or newer`,
      { hint: 'Update the engine: 20.10 is the oldest that works.' },
    )
  }
  return isOlder(offered, NEWEST) ? offered : NEWEST
}

/** Whether API version `a` is older than `b`; both are `major.minor`. */
export function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA === majorB ? minorA < minorB : majorA < majorB
}
