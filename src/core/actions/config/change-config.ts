import { type ConfigDiff, diffConfigs } from '../../config/index.ts'
import { removeTemporaries } from '../../files.ts'
import { secretTest } from '../../stack/index.ts'
import { leaseStore } from '../lease.ts'
import { recoverLeft } from '../recover-run.ts'
import type { ChangeOptions, ChangeReport } from '../run.ts'
import type { Target, World } from '../world.ts'
import { applyChange } from './apply-change.ts'
import { type ConfigEdit, type PreparedChange, prepareChange } from './prepare-change.ts'
import { type WriteNote, writeConfig } from './write-config.ts'

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

/**
 * Changes the text of a config: all or nothing. The new text is complete, valid and sealed before anything is written.
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
  return carryOutChange(world, target, await prepareChange(world, target, edit), options)
}

/** The second half, for a change that is prepared already. */
export async function carryOutChange(
  world: World,
  target: Target,
  prepared: PreparedChange,
  { note, dryRun, apply }: ConfigChangeOptions,
): Promise<ConfigChangeReport> {
  const report = {
    file: prepared.place.paths.config,
    entry: null,
    outside: null,
    diff: diffOf(prepared),
    warnings: prepared.warnings,
    applied: null,
  }
  if (apply !== undefined) {
    const { applied, ...written } = await applyChange(world, target, prepared, note, { ...apply, dryRun })
    const outcome = dryRun ? 'planned' : prepared.text === prepared.formerText ? 'unchanged' : 'changed'
    return { ...report, ...written, outcome, applied }
  }
  if (prepared.text === prepared.formerText) return { ...report, outcome: 'unchanged' }
  if (dryRun) return { ...report, outcome: 'planned' }
  const written = await write(world, prepared, note)
  return { ...report, ...written, outcome: 'changed' }
}

async function write(world: World, { place: { paths }, former, text }: PreparedChange, note: WriteNote) {
  const lease = await leaseStore(world, paths).acquire({ command: world.command, signal: world.signal })
  try {
    await removeTemporaries(paths.config)
    const { entry, outside } = await writeConfig(world, paths, former, text, note)
    return { entry: entry.number, outside: outside?.number ?? null }
  } finally {
    await lease.release()
  }
}

/** What the change is, for people: secrets masked. */
export function diffOf({ place, formerText, text, template }: PreparedChange): ConfigDiff {
  const name = place.paths.config
  return diffConfigs({ name, text: formerText }, { name, text }, secretTest(template))
}
