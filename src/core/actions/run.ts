import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILD } from '../build.ts'
import { DdalabError, problemsError } from '../errors.ts'
import { execute, type Handlers, newRunId, type Plan, recover } from '../kernel/index.ts'
import type { DockerProvider, Observation, ObservedContainer, PlanResult } from '../providers/docker/index.ts'
import { type CompiledStack, RELEASE_RECORD, releaseRecord, releaseStore } from '../release/index.ts'
import type { Stack } from '../stack/index.ts'
import { createJournalStore } from '../state/index.ts'
import { configWrite } from './config/config-write.ts'
import { leaseStore } from './lease.ts'
import type { OpenInstance } from './open.ts'
import { keepConfig, releasedConfig } from './released-config.ts'
import type { Status } from './status.ts'
import type { World } from './world.ts'

export interface ChangeOptions {
  /** Shows the plan and asks; resolves to false when the person declines. Absent: nobody is asked. */
  readonly confirm?: (result: PlanResult) => Promise<boolean>
  /** Plan only. */
  readonly dryRun?: boolean
  /** Refuse unless the plan has this fingerprint: what was shown elsewhere is what runs (rule 43). */
  readonly fingerprint?: string
  /** Ask the registries for newer digests of the images. */
  readonly pull?: boolean
}

/** What became of a change, and the containers as they were last looked at where nothing was done since. */
export interface CarriedOut {
  readonly report: ChangeReport
  readonly containers?: readonly ObservedContainer[]
}

export interface ChangeReport {
  readonly outcome: 'unchanged' | 'changed' | 'declined' | 'planned'
  readonly plan: Plan
  readonly warnings: readonly string[]
  readonly run?: string
  /** How things are afterwards; absent where nothing was to be changed by this command. */
  readonly status?: Status
}

/**
 * The one road of every change: lease, recovery of what an earlier run left, observation, plan, consent, execution under a
 * journal. A dry run takes the same road as far as the plan, without lease and without recovery.
 *
 * Errors: LOCKED, the plan's problems (exit 4), PLAN_STALE, and the error of a run that was undone (5, 6, 9, 130).
 */
export async function carryOut(
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
  makePlan: (observation: Observation) => PlanResult | Promise<PlanResult>,
  options: ChangeOptions,
): Promise<CarriedOut> {
  const { stack } = open
  const observe = () => provider.observe(stack, { pull: options.pull ?? false, takenOver: open.takenOver })
  const look = async () => makePlan(await observe())
  if (options.dryRun === true) {
    const { plan, problems, warnings } = await look()
    refuse(problems, plan)
    return { report: { outcome: 'planned', plan, warnings } }
  }
  const lease = await leaseStore(world, open.paths).acquire({ command: world.command, signal: world.signal })
  const signal = AbortSignal.any([world.signal, lease.lost])
  try {
    await recoverRun(world, open, provider, signal)
    const observation = await observe()
    const result = await makePlan(observation)
    const { plan, problems, warnings } = result
    refuse(problems, plan)
    if (options.fingerprint !== undefined && options.fingerprint !== plan.fingerprint) throw stale()
    if (plan.operations.length === 0) {
      await keepCompiled(open, plan)
      return { report: { outcome: 'unchanged', plan, warnings }, containers: observation.containers }
    }
    if (options.confirm !== undefined) {
      if (!(await options.confirm(result))) return { report: { outcome: 'declined', plan, warnings } }
      // A person may have thought about it for an hour.
      if ((await look()).plan.fingerprint !== plan.fingerprint) throw stale()
    }
    const source = plan.operations.find(({ kind }) => kind === RELEASE_RECORD)?.input.config
    if (typeof source === 'string') await keepConfig(world, open.paths, source)
    const report = await execute(plan, {
      run: newRunId(world.now(), randomUUID()),
      command: world.command,
      journals: createJournalStore(open.paths.journal),
      handlers: handlersFor(world, open, provider, stack),
      sink: world.sink,
      now: world.now,
      signal,
    })
    await sweepBackups(open)
    if (report.error !== undefined) throw report.error
    return { report: { outcome: 'changed', plan, warnings, run: report.run } }
  } finally {
    await lease.release()
  }
}

/** Finishes or undoes what an earlier process left. The lease is held. */
async function recoverRun(
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
  signal: AbortSignal,
): Promise<void> {
  const report = await recover({
    journals: createJournalStore(open.paths.journal),
    handlers: handlersFor(world, open, provider, undefined),
    sink: world.sink,
    now: world.now,
    signal,
  })
  if (report?.error !== undefined && report.result !== 'rolled-back') throw report.error
  await sweepBackups(open)
}

function handlersFor(world: World, open: OpenInstance, provider: DockerProvider, stack: Stack | undefined): Handlers {
  const { paths } = open
  return {
    ...provider.handlers({ stack, workingDir: paths.directory, backupDir: backupDir(open) }),
    'config.write': configWrite(world, paths, backupDir(open)),
    'release.record': releaseRecord({
      store: releaseStore(paths.releases),
      now: world.now,
      deployedBy: world.environment.user,
      command: world.command,
      runningImages: () => provider.runningImages(open.name),
      config: (hash) => releasedConfig(paths, hash),
      ...(stack !== undefined && BUILD !== undefined && { compiled: compiledStack(open, BUILD) }),
    }),
  }
}

/** What runs is what was compiled now, by another program or from a text that reads otherwise: the next command need not again. */
async function keepCompiled(open: OpenInstance, { action }: Plan): Promise<void> {
  if (BUILD === undefined || !open.compiledAnew || action !== 'deploy') return
  await releaseStore(open.paths.releases).refreshStack(compiledStack(open, BUILD))
}

function compiledStack(open: OpenInstance, build: string): CompiledStack {
  const { environment, ownEnvironment, sources, goodUntil, stack, warnings } = open
  return { build, environment, ownEnvironment, sources, goodUntil, stack, warnings }
}

const backupDir = ({ paths }: OpenInstance) => join(paths.journal, 'backups')

/** Former contents of files hold secrets: they go as soon as no run needs them, also those that a crash left behind. */
async function sweepBackups(open: OpenInstance): Promise<void> {
  if ((await createJournalStore(open.paths.journal).unfinished()) !== undefined) return
  await rm(backupDir(open), { recursive: true, force: true })
  await sweepTemporaries(open.paths.directory)
}

/** What a process that was killed in mid-write left of a file; it may hold secrets. The lease is held: nobody writes now. */
async function sweepTemporaries(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => /^\..+\.[0-9a-f]{12}\.tmp$/.test(name))
  for (const name of left) await rm(join(directory, name), { force: true })
}

function refuse(problems: PlanResult['problems'], { action, instance }: Plan): void {
  const [first, ...rest] = problems
  if (first !== undefined) throw problemsError([first, ...rest], `Cannot ${action} "${instance}"`)
}

function stale(): DdalabError {
  return new DdalabError('PLAN_STALE', 'The system changed since the plan was made; nothing was done.', {
    hint: 'Run the command again to see the new plan.',
  })
}
