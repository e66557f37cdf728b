/**
 * A process to be killed: backs up or restores a store, and kills itself at an event.
 *
 *     kill-child HOST HOME INSTANCE EVENT[ OPERATION] backup|BACKUP
 *
 * `operation.progress data.backup:ID copying objects` is an event as well: with the message at the end.
 */
import { argv, exit, kill, pid } from 'node:process'
import { createBackup } from '../../src/core/actions/backup/create.ts'
import { restoreBackup } from '../../src/core/actions/backup/restore.ts'
import { worldIn } from '../support/world.ts'

const [, , host = '', home = '', instance = '', moment = '', work = ''] = argv
const world = worldIn(home, host)
const target = { instance }

const sink = {
  emit: (event: Parameters<typeof world.sink.emit>[0]) => {
    const subject = 'operation' in event ? ` ${event.operation.replace(/:b-.*/, '')}` : ''
    const words = 'progress' in event ? ` ${event.progress.message}` : ''
    if (`${event.type}${subject}${words}`.startsWith(moment)) kill(pid, 'SIGKILL')
  },
}

if (work === 'backup') await createBackup({ ...world, sink }, target, { only: [] })
else await restoreBackup({ ...world, sink }, target, work, { only: [] })
exit(0)
