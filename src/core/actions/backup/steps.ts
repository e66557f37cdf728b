import type { Problem } from '../../errors.ts'
import {
  type BackupRequest,
  type DataPart,
  dataParts,
  withDataBackup,
  withDataRestore,
  withDataVerify,
} from '../../providers/docker/data/index.ts'
import type { Observation, PlanResult } from '../../providers/docker/index.ts'
import type { Backup } from '../../release/backup/index.ts'
import { releaseStore } from '../../release/index.ts'
import type { DataSource, Stack } from '../../stack/model.ts'
import { mainVersion } from '../../stack/version.ts'
import type { OpenInstance } from '../open.ts'
import type { World } from '../world.ts'
import { backupsOf } from './tools.ts'

/** Adds steps to a plan that was made from this observation. */
export type PlanStep = (result: PlanResult, observation: Observation) => PlanResult

export interface BackupStepOptions {
  /** Why, for the list of backups: `update to 1.1.0`. */
  readonly reason: string
  /** The backup stays when the run is undone. */
  readonly keepWhenUndone?: boolean
  /**
   * Names of parts; all when empty. Absent: all but the files that are written once (`live`): these may be large, and no update changes them.
   */
  readonly only?: readonly string[]
}

/**
 * Puts a backup of all data before everything in a plan that stops or replaces something. It is of the release that runs now.
 * Where nothing holds data yet (before a first deploy) the plan stays as it is; a database that is there and does not run is
 * a problem. `id` is the backup's.
 */
export async function dataBackupStep(
  world: World,
  open: OpenInstance,
  options: BackupStepOptions,
): Promise<{ readonly id: string; readonly add: PlanStep }> {
  const { only, ...why } = options
  const request = await requestOf(world, open, why)
  return {
    id: request.id,
    add: (result, observation) => {
      const { parts, absent } = dataParts(open.stack, observation)
      const isChosen = ({ name, live = false }: { readonly name: string; readonly live?: boolean }) =>
        only === undefined ? !live : only.length === 0 || only.includes(name)
      const unknown = (only ?? []).filter((name) => ![...parts, ...absent].some((one) => one.name === name))
      const stopped = stoppedDatabases(absent.filter(isChosen), observation)
      return {
        ...result,
        plan: withDataBackup(result.plan, parts.filter(isChosen), observation, request),
        problems: [...result.problems, ...stopped, ...unknown.map((name) => noSuchData(name, parts))],
      }
    },
  }
}

/**
 * Puts the return of data to a backup before everything in a plan that stops or replaces something; `only` names the parts,
 * all of them when it is empty. What is there now is backed up as `safety` first. Errors: those of reading the config.
 */
export async function dataRestoreStep(
  world: World,
  open: OpenInstance,
  backup: Backup,
  only: readonly string[] = [],
): Promise<{ readonly safety: string; readonly add: PlanStep }> {
  const request = await requestOf(world, open, { reason: `restore of ${backup.id}` })
  return {
    safety: request.id,
    add: (result, observation) => {
      const { parts, problems } = chosenParts(open.stack, observation, backup, only)
      const plan = withDataRestore(result.plan, open.stack, parts, observation, { ...request, backup: backup.id })
      return { ...result, plan, problems: [...result.problems, ...problems] }
    },
  }
}

/** Restores a backup on trial. */
export function dataVerifyStep(open: OpenInstance, backup: Backup): PlanStep {
  return (result, observation) => {
    const { parts, problems } = chosenParts(open.stack, observation, backup, [])
    return {
      ...result,
      plan: withDataVerify(result.plan, parts, backup.id),
      problems: [...result.problems, ...problems],
    }
  }
}

async function requestOf(
  world: World,
  open: OpenInstance,
  options: Omit<BackupStepOptions, 'only'>,
): Promise<BackupRequest> {
  const [{ DEFAULT_KEEP, nextBackupId }, { readConfigText, sealRecipients }, store] = await Promise.all([
    import('../../release/backup/index.ts'),
    import('../../config/index.ts'),
    backupsOf(world, open),
  ])
  const { paths, stack } = open
  const release = await releaseStore(paths.releases).newest()
  return {
    id: nextBackupId(world.now(), await store.ids()),
    release: release?.id ?? null,
    keep: open.keepBackups ?? DEFAULT_KEEP,
    version: release?.version ?? mainVersion(stack),
    // A config whose secrets are encrypted says for whom; the data is for the same eyes.
    recipients: sealRecipients(await readConfigText(paths.config), paths.config),
    ...options,
  }
}

function noSuchData(name: string, parts: readonly DataPart[]): Problem {
  const hint = `There is: ${parts.map((part) => part.name).join(', ')}.`
  return { code: 'BACKUP_NOT_FOUND', message: `The stack has no data "${name}".`, hint }
}

function stoppedDatabases(absent: readonly DataSource[], { containers }: Observation): readonly Problem[] {
  return absent
    .filter(({ service }) => containers.some((container) => container.service === service))
    .map(({ name, service }) => notRunning(name, service))
}

function notRunning(name: string, service: string): Problem {
  return {
    code: 'PRECONDITION_FAILED',
    message: `The data "${name}" is out of reach: ${service} does not run.`,
    hint: `Start it first: ddalab start ${service}`,
  }
}

/** The parts of a backup where they belong now. */
function chosenParts(
  stack: Stack,
  observation: Observation,
  backup: Backup,
  only: readonly string[],
): { readonly parts: readonly DataPart[]; readonly problems: readonly Problem[] } {
  const { parts, absent } = dataParts(stack, observation)
  const names = only.length === 0 ? backup.parts.map(({ name }) => name) : only
  const chosen: DataPart[] = []
  const problems: Problem[] = []
  for (const name of names) {
    const kept = backup.parts.find((one) => one.name === name)
    const part = parts.find((one) => one.name === name && one.kind === kept?.kind)
    const source = absent.find((one) => one.name === name && one.kind === kept?.kind)
    if (part !== undefined) chosen.push(part)
    else if (source !== undefined) problems.push(notRunning(name, source.service))
    else if (kept === undefined) problems.push(notInBackup(name, backup))
    else problems.push(noPlace(name, kept.kind, backup))
  }
  return { parts: chosen, problems }
}

function notInBackup(name: string, { id, parts }: Backup): Problem {
  return {
    code: 'BACKUP_NOT_FOUND',
    message: `The backup ${id} has no data "${name}".`,
    hint: `It has: ${parts.map((part) => part.name).join(', ')}.`,
  }
}

function noPlace(name: string, kind: string, { id, parts }: Backup): Problem {
  const others = parts.map((part) => part.name).filter((other) => other !== name)
  return {
    code: 'PRECONDITION_FAILED',
    message: `The stack has no place for "${name}" (${kind}) of ${id}.`,
    hint:
      others.length === 0
        ? 'Take a backup of this stack.'
        : `Name the parts that you want: ${others.map((other) => `--only ${other}`).join(' ')}`,
  }
}
