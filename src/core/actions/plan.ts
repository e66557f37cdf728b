import { type Observation, ownedVolumes, type PlanResult, planDeploy } from '../providers/docker/index.ts'
import { nextReleaseId, type PlannedRelease, releaseStore, withRelease } from '../release/index.ts'
import { mainVersion } from '../stack/version.ts'
import { connect, type OpenInstance, ofInstance, openInstance, openUnsaved } from './open.ts'
import { withHooksOf } from './planned-hooks.ts'
import type { Target, World } from './world.ts'

export interface PlanOptions {
  /** Ask the registries for newer digests of the images. */
  readonly pull: boolean
}

/** What a deploy would do now. Changes nothing; problems are part of the answer. Errors: CONFIG_*, TEMPLATE_*, ENGINE_*. */
export async function plan(world: World, target: Target, options: PlanOptions): Promise<PlanResult> {
  return planOf(world, target, await openInstance(world, target), options)
}

/** What a deploy would do if this text were the config. Neither saves nor changes anything. Errors as of `plan`. */
export async function planUnsaved(world: World, target: Target, config: string): Promise<PlanResult> {
  return planOf(world, target, await openUnsaved(world, target, config), { pull: false })
}

async function planOf(world: World, target: Target, open: OpenInstance, { pull }: PlanOptions): Promise<PlanResult> {
  const provider = await connect(world, target)
  try {
    const planner = await deployPlanner(open)
    const result = planner(await provider.observe(open.stack, { pull, takenOver: open.takenOver }))
    const shown = await withHooksOf(open.paths, result.plan)
    return { ...result, plan: shown, warnings: [...open.warnings, ...result.warnings] }
  } finally {
    await provider.close()
  }
}

export interface ReleaseOptions {
  /** The command that asks for it. */
  readonly action?: string
  readonly irreversible?: boolean
}

/** The planner of a deploy: the changes, and the record of the release that they make. */
export async function deployPlanner(
  open: OpenInstance,
  { action = 'deploy', irreversible = false }: ReleaseOptions = {},
): Promise<(observation: Observation) => PlanResult> {
  const releases = await releaseStore(open.paths.releases).kept()
  const release: PlannedRelease = {
    id: nextReleaseId(releases),
    version: mainVersion(open.stack),
    config: open.sources[open.paths.config] ?? undefined,
    keep: open.keep,
    ...(irreversible && { irreversible }),
  }
  return (observation) => {
    const result = planDeploy(open.stack, observation, { action })
    const warnings = [...result.warnings, ...(releases.length === 0 ? foreignData(open, observation) : [])]
    return { ...result, plan: withRelease(result.plan, release), warnings }
  }
}

/** Volumes that are there before a first release: a database in them asks for the passwords of its own time. */
function foreignData({ name, stack, takenOver }: OpenInstance, observation: Observation): readonly string[] {
  const there = takenOver === undefined ? ownedVolumes(stack, observation) : []
  if (there.length === 0) return []
  const names = there.map((volume) => volume.name).join(', ')
  return [
    `Data of an earlier installation or try is there and will be used: ${names}. Passwords in it are those of that time: set ` +
      `them in the config, or begin anew after ddalab destroy${ofInstance(name)} --volumes --confirm ${name}`,
  ]
}
