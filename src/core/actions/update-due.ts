import { quarantine } from '../release/quarantine.ts'
import { updateFacts } from './update/facts.ts'
import { isDue, readLastCheck } from './update/last-check.ts'
import { checkForUpdate, type UpdateCheck, type UpdateOffer } from './update-check.ts'
import type { Target, World } from './world.ts'

/** Hours between two checks where neither config nor template say so. */
const DEFAULT_INTERVAL = 24

/** What a timer's run came to. */
export interface DueReport<T> {
  /** False: the interval has not passed, and nothing was looked at. */
  readonly checked: boolean
  readonly offer: UpdateOffer | null
  /** What installing it gave; null where nothing was installed. */
  readonly installed: T | null
  /** Why an offer was not installed; null where it was, and where there is none. */
  readonly held: string | null
}

/** Whether the interval of the config has passed since the last check. Errors as of `updateFacts`. */
export async function due(world: World, target: Target): Promise<boolean> {
  const { updates, paths } = await updateFacts(world, target)
  return isDue(await readLastCheck(paths), updates.checkInterval ?? DEFAULT_INTERVAL, world.now())
}

/**
 * For a timer (cron, systemd): checks when it is time, and installs what is offered where the config wants that. What cannot
 * be compared with what runs, and what failed here before, is left to a person. Errors as of `checkForUpdate` and `install`.
 */
export async function updateIfDue<T>(
  world: World,
  target: Target,
  install?: (check: UpdateCheck & { readonly offer: UpdateOffer }) => Promise<T>,
): Promise<DueReport<T>> {
  if (!(await due(world, target))) return { checked: false, offer: null, installed: null, held: null }
  const check = await checkForUpdate(world, target)
  const { offer } = check
  if (offer === null) return { checked: true, offer, installed: null, held: null }
  const held = await reasonToHold(world, target, offer)
  if (held !== null || install === undefined) return { checked: true, offer, installed: null, held }
  return { checked: true, offer, installed: await install({ ...check, offer }), held: null }
}

async function reasonToHold(world: World, target: Target, offer: UpdateOffer): Promise<string | null> {
  const { updates, paths } = await updateFacts(world, target)
  if (updates.autoUpdate !== true) return 'updates.autoUpdate is off'
  if (offer.current === null) return 'the version that runs is not known'
  if (offer.irreversible) return 'what it does to the data cannot be undone'
  const bad = quarantine(paths.releases)
  for (const mark of [offer.version, ...Object.values(offer.images).map(({ digest }) => digest)]) {
    const found = await bad.isBad(mark)
    if (found !== undefined) return `it failed here on ${found.at}: ${found.cause}`
  }
  return null
}
