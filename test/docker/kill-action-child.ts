/**
 * A process to be killed: deploys an instance, goes back to its former release, or sets a setting and applies it, and kills
 * itself at an event.
 *
 *     kill-action-child HOST HOME INSTANCE EVENT[:OPERATION] deploy|rollback|SETTING
 */
import { argv, exit, kill, pid } from 'node:process'
import { changeConfig } from '../../src/core/actions/config/change-config.ts'
import { setting } from '../../src/core/actions/config/edits.ts'
import { deploy } from '../../src/core/actions/deploy.ts'
import { rollback } from '../../src/core/actions/rollback/rollback.ts'
import { worldIn } from '../support/world.ts'

const [, , host = '', home = '', instance = '', moment = '', work = ''] = argv
const world = worldIn(home, host)
const target = { instance }

const sink = {
  emit: (event: Parameters<typeof world.sink.emit>[0]) => {
    const name = 'operation' in event ? `${event.type} ${event.operation}` : event.type
    if (name.startsWith(moment)) kill(pid, 'SIGKILL')
  },
}

if (work === 'deploy') await deploy({ ...world, sink }, target, {})
else if (work === 'rollback') await rollback({ ...world, sink }, target, undefined, {})
else {
  await changeConfig({ ...world, sink }, target, setting({ set: [work], setSecretly: [], generate: [] }), {
    note: { kind: 'change', reason: null },
    dryRun: false,
    apply: {},
  })
}
exit(0)
