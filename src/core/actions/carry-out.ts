import { randomUUID } from 'node:crypto'
import { BUILD } from '../build.ts'
import { DdalabError, problemsError } from '../errors.ts'
import { execute, newRunId, type Plan } from '../kernel/index.ts'
import type { DockerProvider, Observation, PlanResult } from '../providers/docker/index.ts'
import { RELEASE_RECORD, releaseStore } from '../release/index.ts'
import { createJournalStore } from '../state/index.ts'
import { afterFailure, type Former, findFormer } from './config/former-config.ts'
import { withFormerKept } from './config/keep-former.ts'
import { leaseStore } from './lease.ts'
import type { OpenInstance } from './open.ts'
import { withHooksOf } from './planned-hooks.ts'
import { recoverRun, sweepBackups } from './recovery.ts'
import { adoptConfig, keepConfig } from './released-config.ts'
import type { CarriedOut, ChangeOptions } from './run.ts'
import { backupDir } from './run-files.ts'
import { handlersFor } from './run-handlers.ts'
import { compiledStack, keepRunStack } from './run-stack.ts'
import type { World } from './world.ts'

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
    return { report: { outcome: 'planned', plan: await withHooksOf(open.paths, plan), warnings } }
  }
  // Asked while the lease is taken; a failure is told where they are read.
  provider.facts().catch(() => undefined)
  const lease = await leaseStore(world, open.paths).acquire({ command: world.command, signal: world.signal })
  const signal = AbortSignal.any([world.signal, lease.lost])
  try {
    await recoverRun(world, open, provider, signal)
    const observation = await observe()
    const result = await makePlan(observation)
    const { plan: bare, problems, warnings } = result
    refuse(problems, bare)
    const plan = await withHooksOf(open.paths, bare)
    if (options.fingerprint !== undefined && options.fingerprint !== plan.fingerprint) throw stale()
    if (plan.operations.length === 0) {
      await keepCompiled(world, open, plan)
      return { report: { outcome: 'unchanged', plan, warnings }, containers: observation.containers }
    }
    if (options.confirm !== undefined) {
      if (!(await options.confirm({ ...result, plan }))) return { report: { outcome: 'declined', plan, warnings } }
      // A person may have thought about it for an hour.
      if ((await look()).plan.fingerprint !== plan.fingerprint) throw stale()
    }
    // Told before the work: they may be why it fails, minutes later.
    for (const message of warnings) world.sink.emit({ type: 'notice', level: 'warning', message })
    const former = await keepBoth(world, open, plan)
    const run = newRunId(world.now(), randomUUID())
    if (plan.operations.some(({ kind }) => kind === RELEASE_RECORD))
      await keepRunStack(backupDir(open.paths), run, open)
    // Its undo is to come before that of the hooks.
    const kept = former.kind === 'kept' ? await withHooksOf(open.paths, withFormerKept(bare, former)) : plan
    const report = await execute(kept, {
      run,
      command: world.command,
      by: world.environment.user,
      journals: createJournalStore(open.paths.journal),
      handlers: await handlersFor(world, open, provider, open),
      sink: world.sink,
      now: world.now,
      signal,
    })
    await sweepBackups(open)
    if (report.error !== undefined) throw afterFailure(world, open, former, { ...report, error: report.error })
    return { report: { outcome: 'changed', plan, warnings, run: report.run } }
  } finally {
    await lease.release()
  }
}

/** Before a deploy: its config can be read in the history later, and what it goes back to when it fails is known. */
async function keepBoth(world: World, open: OpenInstance, { action, operations }: Plan): Promise<Former> {
  const source = operations.find(({ kind }) => kind === RELEASE_RECORD)?.input.config
  if (typeof source !== 'string') return { kind: 'none' }
  await keepConfig(world, open.paths, source)
  return action === 'deploy' ? findFormer(open.paths, source) : { kind: 'none' }
}

/** What runs is what was compiled now, by another program or from a text that reads otherwise: the next command need not again. */
async function keepCompiled(world: World, open: OpenInstance, { action }: Plan): Promise<void> {
  if (!open.compiledAnew || action !== 'deploy') return
  await adoptConfig(world, open.paths, open.sources[open.paths.config])
  if (BUILD !== undefined) await releaseStore(open.paths.releases).refreshStack(compiledStack(open))
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
