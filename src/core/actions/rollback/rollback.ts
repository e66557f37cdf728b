import { DdalabError, type Problem } from '../../errors.ts'
import type { Plan } from '../../kernel/index.ts'
import { type DockerProvider, type Observation, type PlanResult, planRollback } from '../../providers/docker/index.ts'
import { irreversibleBetween, nextReleaseId, releaseStore, withRelease } from '../../release/index.ts'
import { dataRestoreStep, type PlanStep } from '../backup/steps.ts'
import { withConfigRestore } from '../config/config-write.ts'
import { contentHash } from '../file-hashes.ts'
import { connect } from '../open.ts'
import { recoverLeft } from '../recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from '../run.ts'
import { withStatus } from '../status.ts'
import type { Target, World } from '../world.ts'
import { previewOf, type RollbackPreview } from './preview.ts'
import { findTarget, type RollbackTarget } from './target.ts'

export interface RollbackOptions extends Pick<ChangeOptions, 'dryRun' | 'fingerprint'> {
  /** Put the data back as well, to the backup of that release; the command has made sure that the person means it. */
  readonly restoreData?: boolean
  /** Shows what it means and asks; resolves to false when the person declines. Absent: nobody is asked. */
  readonly confirm?: (result: PlanResult, preview: RollbackPreview) => Promise<boolean>
}

export interface RollbackReport extends ChangeReport {
  readonly rollback: RollbackPreview
  /** The backup of what was there before the data was put back. */
  readonly safety: string | null
}

/**
 * Brings back an earlier release (`word`: its id or version; undefined: the rollback point before the current release):
 * its stack with the very images that it ran, and its config. An ordinary run, undone when it fails, recorded as a release.
 * No registry is needed.
 *
 * Errors: ROLLBACK_POINT_NOT_FOUND, ROLLBACK_IMAGE_MISSING, ROLLBACK_REFUSED, RELEASE_DAMAGED: nothing was changed; and those
 * of a deploy.
 */
export async function rollback(
  world: World,
  target: Target,
  word: string | undefined,
  { confirm, restoreData = false, ...options }: RollbackOptions,
): Promise<RollbackReport> {
  if (options.dryRun !== true) await recoverLeft(world, target)
  const chosen = await findTarget(world, target, word)
  if (restoreData) expectBackup(chosen)
  else refuseAcrossIrreversible(chosen)
  const preview = await previewOf(world, chosen, restoreData)
  const data = restoreData && chosen.data !== null ? await dataRestoreStep(world, chosen.open, chosen.data) : undefined
  const provider = await connect(world, target)
  try {
    const done = await carryOut(
      world,
      chosen.open,
      provider,
      (observation) => plan(chosen, provider, observation, data?.add),
      {
        ...options,
        ...(confirm !== undefined && { confirm: (result) => confirm(result, preview) }),
      },
    )
    const report = await withStatus(done, world, chosen.open, provider)
    const warnings = [...chosen.warnings, ...report.warnings]
    const isRestored = report.outcome === 'changed'
    return { ...report, warnings, rollback: preview, safety: (isRestored && data?.safety) || null }
  } finally {
    await provider.close()
  }
}

/** Rule 12. */
function refuseAcrossIrreversible({ releases, release, data }: RollbackTarget): void {
  const irreversible = irreversibleBetween(releases, release)
  if (irreversible === undefined) return
  throw new DdalabError(
    'ROLLBACK_REFUSED',
    `${irreversible.id} (${irreversible.version}) changed the data for good: ${release.id} (${release.version}) cannot work on it.`,
    {
      hint:
        data === null
          ? 'There is no backup of the data from before: go on with the newer release.'
          : `Its data is in the backup ${data.id}: with --restore-data it goes back, too, and what was written since is lost.`,
      nextSteps: data === null ? [] : [`ddalab rollback ${release.id} --restore-data --dry-run`],
    },
  )
}

function expectBackup({ release, data }: RollbackTarget): void {
  if (data !== null) return
  throw new DdalabError('BACKUP_NOT_FOUND', `There is no backup of the data of ${release.id} (${release.version}).`, {
    hint: 'Leave out --restore-data to keep the data as it is.',
    nextSteps: ['ddalab backup list'],
  })
}

async function plan(
  chosen: RollbackTarget,
  provider: DockerProvider,
  observation: Observation,
  restoreData: PlanStep = (result) => result,
): Promise<PlanResult> {
  const { open, release, releases } = chosen
  await expectNewest(chosen)
  const ids = Object.fromEntries(Object.entries(release.images).map(([service, { imageId }]) => [service, imageId]))
  const held = await provider.imagesById(Object.values(ids))
  const back = planRollback(open.stack, observation, { ids, held })
  const result = restoreData(back, observation)
  const gone = await Promise.all(back.missing.map((image) => missing(chosen, provider, image)))
  const planned = withRelease(withConfig(result.plan, chosen), {
    id: nextReleaseId(releases),
    version: release.version,
    of: release.id,
    config: textHash(chosen),
    keep: open.keep,
  })
  return { plan: planned, problems: [...gone, ...result.problems], warnings: result.warnings }
}

function withConfig(plan: Plan, { open, release, config, present }: RollbackTarget): Plan {
  if (config === null) return plan
  const { number, sha256 } = config
  const restored = { file: open.paths.config, before: present.sha256, number, sha256 }
  return withConfigRestore(plan, restored, `rollback to ${release.id} (${release.version})`)
}

/** The hash by which a release knows its config: that of the text, without a byte-order mark. */
function textHash({ config }: RollbackTarget): string | undefined {
  if (config === null) return undefined
  return contentHash(
    Buffer.from(config.bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  )
}

/** Another command may have deployed before this one had the lease. */
async function expectNewest({ open, releases }: RollbackTarget): Promise<void> {
  const newest = await releaseStore(open.paths.releases).newest()
  if (newest?.id === releases.at(-1)?.id) return
  throw new DdalabError('PLAN_STALE', `Release ${newest?.id} was deployed meanwhile; nothing was done.`, {
    hint: 'Run the command again to see the new plan.',
  })
}

/** Rule 17: told before anything is done, with the way to have it again. */
async function missing(
  { release }: RollbackTarget,
  provider: DockerProvider,
  { service, reference }: { readonly service: string; readonly reference: string },
): Promise<Problem> {
  const digest = release.images[service]?.digest
  return {
    code: 'ROLLBACK_IMAGE_MISSING',
    message: `The image ${reference} of service "${service}" in ${release.id} is no longer on this engine.`,
    hint: await wayBack(provider, digest),
  }
}

async function wayBack(provider: DockerProvider, digest: string | undefined): Promise<string> {
  if (digest === undefined) return 'No registry ever had it: build or load it again, then deploy it.'
  if (await provider.canPull(digest)) return `Its registry still has it: docker pull ${digest}`
  return `Its registry does not have it, or cannot be reached now: try docker pull ${digest}`
}
