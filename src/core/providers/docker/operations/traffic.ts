import { DdalabError } from '../../../errors.ts'
import type { OperationHandler } from '../../../kernel/handler.ts'
import type { Operation } from '../../../kernel/plan.ts'
import { drained } from './drain.ts'
import { keepFormer, restoreFile, writeStackFile } from './files.ts'
import { reloadIngress } from './reload-ingress.ts'
import { madeBy, type OperationTools, textInput } from './tools.ts'

/** ms that requests in flight get at a container that serves no longer because the run is undone. */
const UNDO_DRAIN = 10_000

/**
 * Sends requests elsewhere: writes the routes that the plan holds, and has the ingress take them up. Its undo sends them back,
 * and lets those end that the containers `brought` by the switch have been given.
 */
export function trafficRoutes(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      for (const { path, content } of routesOf(operation)) {
        await keepFormer(tools, path, context, operation.id)
        await writeStackFile(tools, path, content, false)
      }
      await reloadIngress(tools, operation)
      return {}
    },
    async undo(operation, _outcome, context) {
      for (const { path } of routesOf(operation)) await restoreFile(tools, path, context, operation.id)
      await reloadIngress(tools, operation)
      const ingress = textInput(operation, 'id')
      for (const created of broughtBy(operation)) {
        const id = await madeBy(tools, context, created)
        if (id !== undefined) await drained(tools, { ingress, id, limit: UNDO_DRAIN, blind: 0 }, context)
      }
    },
  }
}

/** The operations that made them. A run of an earlier program does not tell. */
function broughtBy({ input }: Operation): readonly string[] {
  return Array.isArray(input.brought) ? input.brought.map(String) : []
}

function routesOf({ id, input }: Operation): readonly { readonly path: string; readonly content: string }[] {
  if (!Array.isArray(input.files)) throw new DdalabError('UNEXPECTED', `${id} has no routes`)
  return input.files.map((file) => ({ path: String(file?.path), content: String(file?.content) }))
}
