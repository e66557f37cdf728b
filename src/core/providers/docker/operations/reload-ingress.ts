import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../../../errors.ts'
import type { Operation } from '../../../kernel/plan.ts'
import { runCommand } from './command.ts'
import { type OperationTools, textInput, textList } from './tools.ts'

/** ms until Traefik, which watches its file and tells nobody, has taken it up; its throttle is 100 ms. */
const WATCHED = 1_000

/** Has the ingress take up its files: by a command, by itself, or it has done so (null). Errors: OPERATION_FAILED when it refuses them. */
export async function reloadIngress(tools: OperationTools, operation: Operation): Promise<void> {
  if (operation.input.reload === null) return
  const command = textList(operation, 'reload')
  if (command.length === 0) {
    await setTimeout(WATCHED)
    return
  }
  const container = await tools.engine.containers.inspect(textInput(operation, 'id'))
  // One that does not run reads its files when it starts.
  if (container?.State.Running !== true) return
  const { exitCode, output } = await runCommand(tools.engine, textInput(operation, 'id'), command)
  if (exitCode === 0) return
  throw new DdalabError(
    'OPERATION_FAILED',
    `The ingress refused its new routes: "${command.join(' ')}" ended with code ${exitCode}.`,
    { details: output.split('\n').slice(-10) },
  )
}
