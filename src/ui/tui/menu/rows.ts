import type { BackupList, ListedBackup } from '../../../core/actions/backup/list.ts'
import { dataLossOf } from '../../../core/actions/backup/restore.ts'
import { lossText } from '../../cli/backups.ts'
import { formatBytes } from '../../cli/format.ts'
import { since } from '../view/look.ts'
import { change, type MenuRow, outside, page, screen } from './deed.ts'
import type { KnownInstance } from './source.ts'
import { isAbsent, type MenuFacts, type MenuState } from './state.ts'

const BACK: MenuRow = { title: 'Back', about: 'nothing is done', deed: { kind: 'back' } }

/** The rows of the page that is seen. Pure. */
export function rowsOf(state: MenuState, facts: MenuFacts, now: Date): readonly MenuRow[] {
  const { page: here, instances, backups } = state
  switch (here.kind) {
    case 'main':
      return isAbsent(state, facts) ? absentRows(facts) : mainRows(facts)
    case 'instances':
      return instanceRows(instances.kind === 'loaded' ? instances.value : [], facts, now)
    case 'backups':
      return backupRows(backups.kind === 'loaded' ? backups.value : undefined, now)
    case 'backup': {
      const found = backups.kind === 'loaded' ? backups.value.backups.find(({ id }) => id === here.backup) : undefined
      return found === undefined ? [BACK] : oneBackupRows(found, now)
    }
    case 'uninstall':
      return uninstallRows()
    case 'name':
    case 'import':
      return []
  }
}

function mainRows({ commands }: MenuFacts): readonly MenuRow[] {
  return [
    { title: 'Status', about: 'what runs, and how it is', deed: screen('overview') },
    { title: 'Logs', about: 'of all services, merged in order of time', deed: screen('logs') },
    { title: 'Start', about: 'all services', deed: change({ kind: 'start', services: [] }) },
    { title: 'Stop', about: 'all services; the data stays', deed: change({ kind: 'stop', services: [] }) },
    { title: 'Restart', about: 'all services', deed: change({ kind: 'restart', services: [] }) },
    { title: 'Deploy', about: 'bring what runs to what the configuration says', deed: change({ kind: 'deploy' }) },
    { title: 'Edit configuration', about: 'every setting, with its meaning', deed: screen('config') },
    { title: 'Roll back', about: 'to an earlier release', deed: screen('rollback') },
    { title: 'Events', about: 'what was done, and what happened', deed: screen('events') },
    { title: 'Back up the data', about: 'make, check, put back', deed: page({ kind: 'backups' }) },
    { title: 'Update', about: 'to what the channel offers', deed: change({ kind: 'update' }) },
    { title: 'Look for updates', about: 'of the system', deed: outside(true, 'update', '--check') },
    ...selfUpdate(commands),
    { title: 'Installations', about: 'choose another one, or make one', deed: page({ kind: 'instances' }) },
    { title: 'Uninstall', about: 'remove what runs, with or without the data', deed: page({ kind: 'uninstall' }) },
    { title: 'Exit', about: 'what runs goes on', deed: { kind: 'quit' } },
  ]
}

/** There is nothing yet: what makes something. */
function absentRows({ commands }: MenuFacts): readonly MenuRow[] {
  return [
    { title: 'Set up', about: 'a few questions, then it can be deployed', deed: outside(false, 'init') },
    { title: 'Import', about: 'take over an installation that is here already', deed: page({ kind: 'import' }) },
    { title: 'Installations', about: 'choose another one, or make one', deed: page({ kind: 'instances' }) },
    { title: 'Check this machine', about: 'whether it can run the system', deed: outside(true, 'doctor') },
    ...selfUpdate(commands),
    { title: 'Exit', about: 'leave the dashboard', deed: { kind: 'quit' } },
  ]
}

/** Only where the program can update itself. */
function selfUpdate(commands: MenuFacts['commands']): readonly MenuRow[] {
  if (!commands.has('self update')) return []
  return [{ title: 'Updates of ddalab', about: 'the program itself', deed: outside(true, 'self', 'update', '--check') }]
}

function instanceRows(instances: readonly KnownInstance[], { instance }: MenuFacts, now: Date): readonly MenuRow[] {
  return [
    ...instances.map(({ name, release }): MenuRow => {
      const what =
        release === null ? 'nothing was deployed' : `${release.version}, ${since(release.deployedAt, now)} ago`
      return name === instance
        ? { title: name, about: `${what}; this one`, deed: { kind: 'back' } }
        : { title: name, about: what, deed: { kind: 'open', instance: name } }
    }),
    { title: 'New installation', about: 'beside the others, under a name of its own', deed: page({ kind: 'name' }) },
  ]
}

function backupRows(list: BackupList | undefined, now: Date): readonly MenuRow[] {
  return [
    { title: 'Make a backup', about: 'what has to stop for it is told first', deed: change({ kind: 'backup' }) },
    ...(list?.backups ?? []).map((backup): MenuRow => {
      const checked = backup.verified === null ? 'not checked yet' : 'checked'
      const about = `${since(backup.at, now)} ago, of ${backup.version}, ${formatBytes(sizeOf(backup))}, ${checked}`
      return { title: backup.id, about, deed: page({ kind: 'backup', backup: backup.id }) }
    }),
    ...(list?.damaged ?? []).map(
      ({ id, error }): MenuRow => ({ title: id, about: `damaged: ${error.message}`, deed: { kind: 'back' } }),
    ),
  ]
}

const sizeOf = ({ parts }: ListedBackup) => parts.reduce((sum, { size }) => sum + size, 0)

function oneBackupRows(backup: ListedBackup, now: Date): readonly MenuRow[] {
  const { id } = backup
  return [
    BACK,
    {
      title: 'Check it',
      about: 'restored on trial, in containers of its own; what runs is left alone',
      deed: outside(false, 'backup', 'verify', id),
    },
    {
      title: 'Put it back',
      about: lossText(dataLossOf(backup, now)),
      deed: change({ kind: 'backup-restore', backup: id }),
    },
  ]
}

function uninstallRows(): readonly MenuRow[] {
  return [
    BACK,
    {
      title: 'Keep the data',
      about: 'containers and networks go; the next deploy finds the data again',
      deed: change({ kind: 'destroy', volumes: false }),
    },
    {
      title: 'Delete the data',
      about: 'volumes and all that is in them go as well, for good',
      deed: change({ kind: 'destroy', volumes: true }),
    },
  ]
}
