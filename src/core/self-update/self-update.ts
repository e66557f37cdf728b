import semver from 'semver'
import { throughProxy } from '../actions/update/proxy.ts'
import type { World } from '../actions/world.ts'
import { DdalabError } from '../errors.ts'
import type { Web } from '../release/channel/index.ts'
import { downloadProgram } from './download.ts'
import { assertReplaceable, type Installed } from './installed.ts'
import { holdingInstances, holdingProgram } from './leases.ts'
import type { Platform } from './platform.ts'
import type { Probe } from './probe.ts'
import { findRelease, type ProgramRelease, type ReleasePlace } from './releases.ts'
import { discard, hasPrevious, makeDirectory, settle, stage, swap, swapPaths } from './swap.ts'

export interface ProgramCheck {
  /** The version that runs. */
  readonly current: string
  /** What would be installed; null: there is nothing newer, or the named version is the current one. */
  readonly offer: string | null
  readonly from: string
}

export interface ProgramChange {
  readonly path: string
  readonly before: string
  readonly after: string
  /** False: nothing to do, or only tried (`dryRun`). */
  readonly changed: boolean
}

export interface UpdateRequest {
  readonly place: ReleasePlace
  /** Also an older one. */
  readonly version?: string | undefined
  readonly dryRun?: boolean
}

/**
 * Looks for a newer release of the program. Errors: SELF_UPDATE_REFUSED, VERSION_NOT_FOUND, RELEASES_UNREACHABLE, SIGNATURE_*,
 * PROGRAM_WRONG_PLATFORM.
 */
export async function checkProgram(world: World, installed: Installed, request: UpdateRequest): Promise<ProgramCheck> {
  const { platform, version } = await assertReplaceable(installed)
  const release = await throughProxy(world, () => find(world, platform, version, request))
  return { current: version, offer: release?.version ?? null, from: request.place.url }
}

/**
 * Installs the newest release of the program, or the one that is named. Everything is verified, and the new program has said
 * its version, before the old one is touched; that one is kept for `rollbackProgram`.
 *
 * Errors: those of `checkProgram`; DIGEST_MISMATCH, PROGRAM_DAMAGED, FILE_NOT_WRITABLE, DISK_FULL, LOCKED.
 */
export async function updateProgram(
  world: World,
  installed: Installed,
  request: UpdateRequest,
  probe: Probe,
): Promise<ProgramChange> {
  const { path, platform, version } = await assertReplaceable(installed)
  const release = await throughProxy(world, () => find(world, platform, version, request))
  const after = release?.version ?? version
  const change = { path, before: version, after, changed: false }
  if (release === undefined || request.dryRun === true) return change
  const paths = swapPaths(path)
  await makeDirectory(paths)
  await holdingProgram(world, paths, async () => {
    await settle(paths)
    // Only to find out before the download whether something runs.
    await holdingInstances(world, async () => {})
    world.sink.emit({ type: 'notice', level: 'info', message: `downloading ${release.archive.name}` })
    const program = await throughProxy(world, () => downloadProgram(release, platform, webOf(world)))
    try {
      await stage(paths, program)
      assertVersion(await probe(paths.next, world.signal), release)
      await holdingInstances(world, () => swap(paths, paths.next, world.environment.platform))
    } finally {
      await discard(paths)
    }
  })
  return { ...change, changed: true }
}

/**
 * Puts the previous program back; the present one becomes the previous one, so that a second rollback undoes the first.
 * Errors: SELF_UPDATE_REFUSED, ROLLBACK_POINT_NOT_FOUND, PROGRAM_DAMAGED, FILE_NOT_WRITABLE, LOCKED.
 */
export async function rollbackProgram(
  world: World,
  installed: Installed,
  { dryRun = false }: { readonly dryRun?: boolean },
  probe: Probe,
): Promise<ProgramChange> {
  const { path, version } = await assertReplaceable(installed)
  const paths = swapPaths(path)
  await makeDirectory(paths)
  return holdingProgram(world, paths, async () => {
    await settle(paths)
    if (!(await hasPrevious(paths))) {
      throw new DdalabError('ROLLBACK_POINT_NOT_FOUND', `There is no previous program beside ${path}`, {
        hint: 'Only a self update keeps one. An older version can be installed by its number: ddalab self update 1.2.3',
      })
    }
    const after = await probe(paths.previous, world.signal)
    if (!dryRun) await holdingInstances(world, () => swap(paths, paths.previous, world.environment.platform))
    return { path, before: version, after, changed: !dryRun }
  })
}

/** The release to install; undefined when there is none. Never an older one, but by name. */
async function find(
  world: World,
  platform: Platform,
  current: string,
  { place, version }: UpdateRequest,
): Promise<ProgramRelease | undefined> {
  const named = version === undefined ? undefined : semver.valid(version)
  if (named === null) {
    throw new DdalabError('USAGE', `${JSON.stringify(version)} is no version of ddalab`, {
      hint: 'A version has three numbers: ddalab self update 1.2.3',
    })
  }
  const release = await findRelease(place, platform, named, webOf(world))
  const isWanted = named === undefined ? semver.gt(release.version, current) : release.version !== current
  return isWanted ? release : undefined
}

function webOf({ signal }: World): Web {
  return { fetch: globalThis.fetch, signal }
}

function assertVersion(said: string, { version, archive }: ProgramRelease): void {
  if (said === version) return
  throw new DdalabError('PROGRAM_DAMAGED', `The program in ${archive.name} says that it is ${said}`, {
    hint: 'Nothing was changed. Tell who publishes it.',
  })
}
