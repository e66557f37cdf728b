import type { BackupList, ListedBackup } from '../../../core/actions/backup/list.ts'
import type { Backup, Verification } from '../../../core/release/backup/index.ts'
import { foreignText } from '../foreign-text.ts'
import { formatBytes, formatDuration, plural } from '../format.ts'
import { glyph, paint, type Style } from '../style.ts'
import { type Cell, renderTable } from '../table.ts'

/** The backups as `--json` tells them, newest first. */
export function backupListData({ backups, damaged }: BackupList) {
  return { backups, damaged: damaged.map(({ id, error }) => ({ id, error: error.toData() })) }
}

export function renderBackups({ backups, damaged }: BackupList, style: Style): string {
  if (backups.length === 0 && damaged.length === 0) return 'There are no backups. To make one: ddalab backup create'
  const rows = backups.map((backup): Cell[] => [
    { text: backup.id, tone: 'strong' },
    backup.release ?? '-',
    foreignText(backup.version, style),
    formatBytes(sizeOf(backup)),
    backup.parts.map(({ name }) => name).join(', '),
    foreignText(backup.reason, style),
    stateOf(backup),
  ])
  const lost = damaged.map(({ id }): Cell[] => [
    { text: id, tone: 'strong' },
    '-',
    '-',
    '-',
    '-',
    '-',
    { text: 'damaged', tone: 'bad' },
  ])
  const columns = [
    { header: 'BACKUP' },
    { header: 'RELEASE' },
    { header: 'VERSION', shrink: 2 },
    { header: 'SIZE', align: 'right' as const },
    { header: 'DATA', shrink: 3 },
    { header: 'WHY', shrink: 4 },
    { header: 'STATE' },
  ]
  return renderTable(columns, [...rows, ...lost], style)
}

function stateOf({ verified, recipients }: ListedBackup): Cell {
  const sealed = recipients.length === 0 ? '' : ', encrypted'
  return verified === null ? { text: `whole${sealed}`, tone: 'quiet' } : { text: `verified${sealed}`, tone: 'good' }
}

const sizeOf = ({ parts }: Backup) => parts.reduce((sum, { size }) => sum + size, 0)

/** One backup, as it was made. */
export function renderBackup(backup: Backup, style: Style): string {
  const done = paint(style, 'good', glyph(style, 'done'))
  const sealed = backup.recipients.length === 0 ? '' : ', encrypted'
  const lines = backup.parts.map(
    ({ name, bytes, size, durationMs }) =>
      `  ${name}: ${formatBytes(bytes)} in ${formatBytes(size)}, ${formatDuration(durationMs)}`,
  )
  return [`${done} Backup ${backup.id} of ${backup.version}, ${formatBytes(sizeOf(backup))}${sealed}`, ...lines].join(
    '\n',
  )
}

/** What was found in each part when it was restored on trial. */
export function renderVerification(backup: Backup, verification: Verification | undefined, style: Style): string {
  const done = paint(style, 'good', glyph(style, 'done'))
  const lines = Object.entries(verification?.parts ?? {}).map(([name, counts]) => {
    const found = Object.entries(counts).map(([what, count]) =>
      what === 'bytes' ? formatBytes(count) : plural(count, WORDS[what] ?? what),
    )
    return `  ${name}: ${found.join(', ')}`
  })
  return [`${done} Backup ${backup.id} can be restored:`, ...lines].join('\n')
}

const WORDS: { readonly [what: string]: string } = {
  tables: 'table',
  rows: 'row',
  keys: 'key',
  files: 'file',
  inBucket: 'bucket object',
}
