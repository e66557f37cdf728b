import { CURRENT_VERSION, type Edit, editText, getPath, type Path } from '../config/index.ts'
import { DdalabError, type ErrorCode, type Problem, toDdalabError } from '../errors.ts'
import type { DockerProvider, Observation, PlanResult } from '../providers/docker/index.ts'
import { releaseStore } from '../release/index.ts'
import { quarantine } from '../release/quarantine.ts'
import { dataBackupStep } from './backup/steps.ts'
import { currentEntry } from './config/apply-change.ts'
import { withConfigWrite } from './config/config-write.ts'
import { migrating } from './config/migrating.ts'
import { type ConfigEdit, prepareChange } from './config/prepare-change.ts'
import { connect, locateInstance, openUnsaved } from './open.ts'
import { deployPlanner } from './plan.ts'
import { recoverLeft } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import { withStatus } from './status.ts'
import { updateFacts } from './update/facts.ts'
import { checkForUpdate, type UpdateCheck, type UpdateOffer } from './update-check.ts'
import type { Target, World } from './world.ts'

export interface UpdateOptions extends Omit<ChangeOptions, 'confirm' | 'pull'> {
  /** The version that a person has named; it is tried also when it failed here before. */
  readonly version?: string | undefined
  /** Shows what it means and asks; resolves to false when the person declines. Absent: nobody is asked. */
  readonly confirm?: (result: PlanResult, offer: UpdateOffer) => Promise<boolean>
}

export interface UpdateReport {
  readonly check: UpdateCheck
  /** What was done; null where there is no update. */
  readonly change: ChangeReport | null
  /** The backup of the data that was made before; null where none was. */
  readonly backup: string | null
  /** Number of the config in the history; null when it stayed as it was. */
  readonly entry: number | null
}

/**
 * Installs the update that is offered, or the version that is named: its images, pinned by digest, become the config's, a
 * backup of the data is made where the config or the release asks for it, and then it is a deploy like any other. What fails
 * is undone, the config with it, and the version is marked as bad.
 *
 * Errors: those of `checkForUpdate`; UPDATE_QUARANTINED; those of a deploy.
 */
export async function update(world: World, target: Target, options: UpdateOptions = {}): Promise<UpdateReport> {
  if (options.dryRun !== true) await recoverLeft(world, target)
  const check = await checkForUpdate(world, target, { version: options.version })
  if (check.offer === null) return { check, change: null, backup: null, entry: null }
  if (options.version === undefined) await refuseBad(world, target, check.offer)
  return installUpdate(world, target, { ...check, offer: check.offer }, options)
}

/** Installs an offer. Errors: those of a deploy. */
export async function installUpdate(
  world: World,
  target: Target,
  check: UpdateCheck & { readonly offer: UpdateOffer },
  { confirm, dryRun, fingerprint }: UpdateOptions = {},
): Promise<UpdateReport> {
  const { offer } = check
  const { updates, main } = await updateFacts(world, target)
  const prepared = await prepareChange(world, target, pinning(offer, main, target))
  const open = await openUnsaved(world, target, prepared.text)
  const provider = await connect(world, target)
  const reason = `update to ${offer.version}`
  try {
    const planner = await deployPlanner(open, { action: 'update', irreversible: offer.irreversible })
    const wantsBackup = updates.autoBackup === true || offer.irreversible
    const data = wantsBackup ? await dataBackupStep(world, open, { reason, keepWhenUndone: true }) : undefined
    const makePlan = async (observation: Observation): Promise<PlanResult> => {
      const deployed = planner(observation)
      const backedUp = deployed.plan.operations.length > 0 && data ? data.add(deployed, observation) : deployed
      const space = await spaceProblems(provider, offer, observation)
      const plan = withConfigWrite(backedUp.plan, prepared, { kind: 'change', reason })
      return { ...backedUp, plan, problems: [...backedUp.problems, ...space] }
    }
    const runs: string[] = []
    const watched: World = { ...world, sink: { emit: (event) => emitAndNote(world, event, runs) } }
    const done = await carryOut(watched, open, provider, makePlan, {
      ...(dryRun !== undefined && { dryRun }),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(confirm !== undefined && { confirm: (result) => confirm(result, offer) }),
    }).catch(async (thrown) => {
      await markBad(world, target, offer, toDdalabError(thrown), runs.at(-1))
      throw thrown
    })
    const change = await withStatus(done, world, open, provider)
    const isDone = change.outcome === 'changed'
    const hasBackup = isDone && change.plan.operations.some(({ kind }) => kind === 'data.backup')
    const entry = isDone && prepared.text !== prepared.formerText ? await currentEntry(prepared) : null
    return { check, change, backup: (hasBackup && data?.id) || null, entry }
  } finally {
    await provider.close()
  }
}

function emitAndNote({ sink }: World, event: Parameters<World['sink']['emit']>[0], runs: string[]): void {
  if (event.type === 'run.started') runs.push(event.run)
  sink.emit(event)
}

/** The config with the images of the offer, carried to the current version of its schema first. */
function pinning({ images }: UpdateOffer, main: string, { environment }: Target): ConfigEdit {
  return async (config) => {
    const { data, file } = config
    const isCurrent = getPath(data, ['version']) === CURRENT_VERSION
    const migrate = migrating()
    const text = isCurrent || typeof migrate !== 'function' ? config.text : (await migrate(config)).text
    const asked = environment ?? getPath(data, ['environment'])
    const edits = Object.entries(images).map(([service, { reference }]): Edit => {
      const ways: readonly Path[] =
        service === main
          ? [
              ['images', service],
              ['docker', 'image'],
            ]
          : [['images', service]]
      const places = ways.flatMap((path) => [['environments', String(asked), ...path], path])
      // Where the config names the image now; the most particular place decides what runs.
      const path = places.find((place) => getPath(data, place) !== undefined) ?? ways.at(-1) ?? []
      return { path, value: reference }
    })
    return { text: editText(text, edits, file) }
  }
}

async function refuseBad(world: World, target: Target, { version, images }: UpdateOffer): Promise<void> {
  const bad = quarantine(locateInstance(world, target).paths.releases)
  for (const mark of [version, ...Object.values(images).map(({ digest }) => digest)]) {
    const found = await bad.isBad(mark)
    if (found === undefined) continue
    throw new DdalabError('UPDATE_QUARANTINED', `${version} failed here on ${found.at}: ${found.cause}`, {
      hint: 'Wait for a newer version, or name it to try it once more.',
      nextSteps: [`ddalab update ${version}`],
    })
  }
}

/** The version itself was at fault; an engine that went away, Ctrl-C or a full disk say nothing about it. */
const FAULTS: readonly ErrorCode[] = ['UNHEALTHY', 'CONTAINER_EXITED', 'TIMED_OUT', 'HOOK_FAILED', 'OPERATION_FAILED']

async function markBad(
  world: World,
  target: Target,
  { version, images }: UpdateOffer,
  { code, message }: DdalabError,
  run: string | undefined,
): Promise<void> {
  if (run === undefined || !FAULTS.includes(code)) return
  const { releases } = locateInstance(world, target).paths
  const running = (await releaseStore(releases).newest())?.images ?? {}
  // What ran before and runs again is not at fault.
  const digests = Object.entries(images).flatMap(([service, { digest }]) =>
    running[service]?.digest?.endsWith(digest) ? [] : [[service, digest]],
  )
  const entry = { version, images: Object.fromEntries(digests), at: world.now().toISOString(), cause: message, run }
  await quarantine(releases).mark(entry)
}

/** Unpacked, an image takes about this much more than what is fetched. */
const UNPACKED = 2

/** Rule 44: told before anything is fetched, where the engine's disk can be looked at. */
async function spaceProblems(
  provider: DockerProvider,
  { images }: UpdateOffer,
  observation: Observation,
): Promise<readonly Problem[]> {
  const missing = Object.values(images).filter(({ reference }) => observation.images[reference] === null)
  const needed = missing.reduce((sum, { size }) => sum + (size ?? 0) * UNPACKED, 0)
  if (needed === 0) return []
  const free = await provider.freeSpace()
  if (free === undefined || free >= needed) return []
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  return [
    {
      code: 'DISK_FULL',
      message: `The engine has ${megabytes(free)} left, and the update needs about ${megabytes(needed)}.`,
      hint: 'Make space first; docker system df shows what takes it.',
    },
  ]
}
