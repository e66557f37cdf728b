import type { OperationHandler } from '../../../kernel/handler.ts'
import type { Operation } from '../../../kernel/plan.ts'
import type { ApiBody } from '../client/index.ts'
import { containerOf, madeBy, type OperationTools, optionalNumber, textInput } from './tools.ts'

/** Seconds that a container which failed is given to stop when its start is undone; service comes back the sooner. */
const UNDO_GRACE = 3

export function containerStart(tools: OperationTools): OperationHandler {
  const { engine } = tools
  return {
    async execute(operation, { signal, urgency }) {
      const id = containerOf(tools, operation)
      await tools.inTurn(urgency, async () => {
        signal.throwIfAborted()
        await engine.containers.start(id)
      })
      return { id }
    },
    async undo(operation, outcome, context) {
      // Without an outcome it may run all the same (rule 32), and what it replaced needs its ports.
      const id = outcome?.id ?? operation.input.id ?? (await madeBy(tools, context, textInput(operation, 'create')))
      if (typeof id === 'string') await engine.containers.stop(id, { timeout: UNDO_GRACE })
    },
  }
}

/** Stops a container and keeps it. A restart policy must not bring it back while it is being replaced (rule 31). */
export function containerStop({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation, { signal: _finishesWhatItBegan }) {
      const id = textInput(operation, 'id')
      const container = await engine.containers.inspect(id)
      if (container === undefined) return {}
      if (formerPolicy(operation) !== undefined) await engine.containers.update(id, { RestartPolicy: { Name: 'no' } })
      if (container.State.Paused) await engine.containers.unpause(id)
      await engine.containers.stop(id, gracePeriod(operation))
      return {}
    },
    async undo(operation, outcome) {
      const id = textInput(operation, 'id')
      const container = await engine.containers.inspect(id)
      if (container === undefined) return
      if (operation.input.wasRunning === true && !container.State.Paused) {
        // Without an outcome the engine may be about to stop it, for a process that died: started before that, it would
        // stop all the same (rule 32). One that cannot be stopped runs.
        if (outcome === undefined) await engine.containers.stop(id, gracePeriod(operation)).catch(() => undefined)
        await engine.containers.start(id)
      }
      const policy = formerPolicy(operation)
      if (policy !== undefined) await engine.containers.update(id, { RestartPolicy: policy })
    },
  }
}

function gracePeriod(operation: Operation): { readonly timeout?: number } {
  const milliseconds = optionalNumber(operation, 'gracePeriod')
  return milliseconds === undefined ? {} : { timeout: Math.ceil(milliseconds / 1000) }
}

function formerPolicy({ input }: Operation): ApiBody | undefined {
  const policy = input.restartPolicy
  if (policy === null || typeof policy !== 'object' || !('name' in policy) || policy.name === 'no') return undefined
  const { name, maximumRetryCount } = policy
  return { Name: String(name), MaximumRetryCount: Number(maximumRetryCount) }
}

export function containerUnpause({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      await engine.containers.unpause(textInput(operation, 'id'))
      return {}
    },
    async undo(operation) {
      await engine.containers.pause(textInput(operation, 'id'))
    },
  }
}

/** Commit phase: what was replaced goes. Its named and anonymous volumes stay. */
export function containerRemove({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      await engine.containers.remove(textInput(operation, 'id'), { force: true })
      return {}
    },
  }
}

/** Commit phase: the replacement takes the final name. */
export function containerRename({ engine }: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      const container = await engine.containers.inspect(textInput(operation, 'from'))
      // Already renamed by a run that died before it could say so.
      if (container !== undefined) await engine.containers.rename(container.Id, textInput(operation, 'to'))
      return {}
    },
  }
}
