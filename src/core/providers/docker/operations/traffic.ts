import { DdalabError } from '../../../errors.ts'
import type { OperationHandler } from '../../../kernel/handler.ts'
import type { Operation } from '../../../kernel/plan.ts'
import { keepFormer, restoreFile, writeStackFile } from './files.ts'
import { reloadIngress } from './reload-ingress.ts'
import type { OperationTools } from './tools.ts'

/** Sends requests elsewhere: writes the routes that the plan holds, and has the ingress take them up. */
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
    },
  }
}

function routesOf({ id, input }: Operation): readonly { readonly path: string; readonly content: string }[] {
  if (!Array.isArray(input.files)) throw new DdalabError('UNEXPECTED', `${id} has no routes`)
  return input.files.map((file) => ({ path: String(file?.path), content: String(file?.content) }))
}
