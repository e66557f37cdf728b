import { historyStore } from '../../config/history/index.ts'
import { readBytesIfExists } from '../../files.ts'
import { connect, openUnsaved } from '../open.ts'
import { deployPlanner } from '../plan.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from '../run.ts'
import { withStatus } from '../status.ts'
import type { Target, World } from '../world.ts'
import { withConfigWrite } from './config-write.ts'
import type { PreparedChange } from './prepare-change.ts'
import type { WriteNote } from './write-config.ts'

export interface Applied {
  readonly applied: ChangeReport
  /** The number in the history; null when the file stayed as it was. */
  readonly entry: number | null
}

/**
 * Brings what runs to a config that is not written yet, and writes it when that has worked: one run, undone as a whole.
 * Errors: those of a deploy, CONFIG_CHANGED.
 */
export async function applyChange(
  world: World,
  target: Target,
  prepared: PreparedChange,
  note: WriteNote,
  options: ChangeOptions,
): Promise<Applied> {
  const open = await openUnsaved(world, target, prepared.text)
  const provider = await connect(world, target)
  try {
    const planner = await deployPlanner(open)
    const done = await carryOut(
      world,
      open,
      provider,
      (observation) => {
        const result = planner(observation)
        return { ...result, plan: withConfigWrite(result.plan, prepared, note) }
      },
      options,
    )
    const applied = await withStatus(done, world, open, provider)
    const isWritten = applied.outcome === 'changed' && prepared.text !== prepared.formerText
    return { applied, entry: isWritten ? await currentEntry(prepared) : null }
  } finally {
    await provider.close()
  }
}

/** The number of the present config in the history. */
export async function currentEntry({ place: { paths } }: PreparedChange): Promise<number | null> {
  const { entries } = await historyStore(paths.configBackups).list(await readBytesIfExists(paths.config))
  return entries.find(({ current }) => current)?.number ?? null
}
