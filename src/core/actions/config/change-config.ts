import { type ConfigDiff, diffConfigs } from '../../config/index.ts'
import { readBytesIfExists, removeTemporaries } from '../../files.ts'
import { secretTest } from '../../stack/index.ts'
import { leaseStore } from '../lease.ts'
import { recoverLeft } from '../recover-run.ts'
import type { ChangeOptions, ChangeReport } from '../run.ts'
import type { Target, World } from '../world.ts'
import { applyChange } from './apply-change.ts'
import { type ConfigEdit, type PreparedChange, prepareChange } from './prepare-change.ts'
import { hashOf, type WriteNote, writeConfig } from './write-config.ts'

export interface ConfigChangeOptions {
  /** What the history is told. */
  readonly note: WriteNote
  /** Show what would change, write nothing. */
  readonly dryRun: boolean
  /** Bring it to what runs as well; the file is written when that has worked. */
  readonly apply?: ChangeOptions
}

export interface ConfigChangeReport {
  readonly outcome: 'unchanged' | 'changed' | 'planned'
  readonly file: string
  /** The number in the history; null when nothing was written. */
  readonly entry: number | null
  /** The number of an edit by hand that was found and recorded on the way. */
  readonly outside: number | null
  /** Without the values of secrets. */
  readonly diff: ConfigDiff
  readonly warnings: readonly string[]
  /** What came of bringing it to what runs; null when that was not asked for. */
  readonly applied: ChangeReport | null
}

/** How long a change of the config waits for another one to end; ms. */
const PATIENCE = 5_000

/**
 * Changes the text of a config: all or nothing. The new text is complete, valid and sealed before anything is written. Of two
 * at once the second waits, and changes what the first has made.
 * With `apply` what runs is changed first, and the file when that has worked: after a failure both are as before.
 *
 * Errors: those of `prepareChange` and `writeConfig`, LOCKED, and with `apply` those of a deploy.
 */
export async function changeConfig(
  world: World,
  target: Target,
  edit: ConfigEdit,
  options: ConfigChangeOptions,
): Promise<ConfigChangeReport> {
  if (options.apply !== undefined && !options.dryRun) await recoverLeft(world, target)
  return carryOutChange(world, target, await prepareChange(world, target, edit), options, edit)
}

/** The second half, for a change that is prepared already; without the `edit` the file has to be as it was then. */
export async function carryOutChange(
  world: World,
  target: Target,
  prepared: PreparedChange,
  { note, dryRun, apply }: ConfigChangeOptions,
  edit?: ConfigEdit,
): Promise<ConfigChangeReport> {
  const report = reportOf(prepared)
  const isChange = prepared.text !== prepared.formerText
  if (apply !== undefined) {
    const { applied, ...written } = await applyChange(world, target, prepared, note, { ...apply, dryRun })
    return { ...report, ...written, outcome: dryRun ? 'planned' : isChange ? 'changed' : 'unchanged', applied }
  }
  if (!isChange) return report
  if (dryRun) return { ...report, outcome: 'planned' }
  const { paths } = prepared.place
  const request = { command: world.command, signal: world.signal, waitMs: PATIENCE }
  const lease = await leaseStore(world, paths).acquire(request)
  try {
    await removeTemporaries(paths.config)
    const isSame = hashOf(await readBytesIfExists(paths.config)) === hashOf(prepared.former)
    return await write(world, isSame || edit === undefined ? prepared : await prepareChange(world, target, edit), note)
  } finally {
    await lease.release()
  }
}

/** The lease is held. */
async function write(world: World, prepared: PreparedChange, note: WriteNote): Promise<ConfigChangeReport> {
  const { place, former, text, formerText } = prepared
  if (text === formerText) return reportOf(prepared)
  const { entry, outside } = await writeConfig(world, place.paths, former, text, note)
  return { ...reportOf(prepared), outcome: 'changed', entry: entry.number, outside: outside?.number ?? null }
}

function reportOf(prepared: PreparedChange): ConfigChangeReport {
  return {
    outcome: 'unchanged',
    file: prepared.place.paths.config,
    entry: null,
    outside: null,
    diff: diffOf(prepared),
    warnings: prepared.warnings,
    applied: null,
  }
}

/** What the change is, for people: secrets masked. */
export function diffOf({ place, formerText, text, template }: PreparedChange): ConfigDiff {
  const name = place.paths.config
  return diffConfigs({ name, text: formerText }, { name, text }, secretTest(template))
}
