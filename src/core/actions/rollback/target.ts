import { historyStore } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { readBytesIfExists } from '../../files.ts'
import { readTakeover } from '../../instance/index.ts'
import type { Backup } from '../../release/backup/index.ts'
import { type CompiledStack, chooseRelease, type Release, releaseStore } from '../../release/index.ts'
import type { Stack } from '../../stack/index.ts'
import { backupsOfReleases } from '../backup/of-release.ts'
import { hashOf } from '../config/write-config.ts'
import { type InstancePlace, locateInstance, type OpenInstance, ofInstance, openUnsaved } from '../open.ts'
import type { Target, World } from '../world.ts'

/** The config of a release, in the history. */
export interface FormerConfig {
  readonly number: number
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** What a rollback goes back to. */
export interface RollbackTarget {
  /** All releases of the instance, oldest first. */
  readonly releases: readonly Release[]
  readonly release: Release
  /** The instance with the stack of that release. */
  readonly open: OpenInstance
  /** Null when it is no longer kept: then the config stays as it is. */
  readonly config: FormerConfig | null
  /** The backup of the data as that release had it last; null when there is none. */
  readonly data: Backup | null
  readonly present: { readonly bytes: Uint8Array | undefined; readonly sha256: string | null }
  readonly warnings: readonly string[]
}

/**
 * Finds the release that is meant, its stack and its config. The present config is not read as one: it may be the reason.
 * Errors: ROLLBACK_POINT_NOT_FOUND, RELEASE_DAMAGED, and those of compiling where the stack is not readable.
 */
export async function findTarget(world: World, target: Target, word: string | undefined): Promise<RollbackTarget> {
  const place = locateInstance(world, target)
  const releases = await releaseStore(place.paths.releases).list()
  const release = chooseRelease(releases, word)
  const config = await formerConfig(place, release)
  const bytes = await readBytesIfExists(place.paths.config)
  const open = await openRelease(world, target, place, releases, release, config)
  return {
    releases,
    release,
    open,
    config,
    data: (await backupsOfReleases(world, place, [release])).get(release.id) ?? null,
    present: { bytes, sha256: hashOf(bytes) },
    warnings: [
      ...(config === null
        ? [`The config of ${release.id} is no longer kept: it stays as it is, and the next deploy does what it says.`]
        : []),
      ...(config !== null && (await wasRotatedSince(place, config))
        ? [
            `The secrets in the config of ${release.id} are encrypted as they were then. Encrypt them anew afterwards: ddalab config rotate-keys${ofInstance(place.name)}`,
          ]
        : []),
    ],
  }
}

async function formerConfig({ paths }: InstancePlace, { config }: Release): Promise<FormerConfig | null> {
  if (config === undefined) return null
  const history = historyStore(paths.configBackups)
  const { entries } = await history.list(await readBytesIfExists(paths.config))
  const entry = entries.findLast(({ sha256, kept, written }) => sha256 === config.sha256 && kept && written !== false)
  if (entry === undefined) return null
  return { number: entry.number, sha256: entry.sha256, bytes: await history.read(entry.number) }
}

async function wasRotatedSince({ paths }: InstancePlace, { number }: FormerConfig): Promise<boolean> {
  const { entries } = await historyStore(paths.configBackups).list(undefined)
  return entries.some((entry) => entry.number > number && entry.kind === 'rotate')
}

/** The stack as it was kept; where that cannot be read, compiled anew from the config of that time. */
async function openRelease(
  world: World,
  target: Target,
  place: InstancePlace,
  releases: readonly Release[],
  release: Release,
  config: FormerConfig | null,
): Promise<OpenInstance> {
  const store = releaseStore(place.paths.releases)
  const kept = await store.stackOf(release.id)
  if (kept !== undefined && isOf(kept, place)) {
    const present = await store.stackOf(releases.at(-1)?.id ?? release.id)
    const stack = withPresentCertificates(kept.stack, present?.stack)
    world.hide(stack.secretValues)
    return { ...place, ...kept, stack, compiledAnew: false, takenOver: await readTakeover(place.paths) }
  }
  if (config === null) {
    throw new DdalabError(
      'RELEASE_DAMAGED',
      `Release ${release.id} cannot be gone back to: its stack cannot be read by this program, and its config is no longer kept.`,
      { hint: `Choose another one: ddalab releases${ofInstance(place.name)}` },
    )
  }
  const environment = target.environment ?? release.environment
  const text = Buffer.from(config.bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  return openUnsaved(world, { ...target, ...(environment !== undefined && { environment }) }, text)
}

/** An instance that was moved to another directory would write into its former one. */
function isOf({ stack }: CompiledStack, { name, paths }: InstancePlace): boolean {
  return stack.project === name && stack.workingDir === paths.directory
}

/** Certificates and keys are not gone back to: those of the past may have expired. */
export function withPresentCertificates(stack: Stack, present: Stack | undefined): Stack {
  const files = stack.files.map((file) => {
    const now = present?.files.find(({ path }) => path === file.path)
    return now !== undefined && isPem(file.content) && isPem(now.content) ? { ...file, content: now.content } : file
  })
  return { ...stack, files }
}

const isPem = (content: string) => content.startsWith('-----BEGIN ')
