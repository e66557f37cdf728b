import { DdalabError } from '../../../errors.ts'
import type { OperationContext, OperationHandler } from '../../../kernel/handler.ts'
import type { Container, Watch } from '../client/index.ts'
import { failureEvidence } from './evidence.ts'
import { type HealthHistory, judgeHealth } from './health-verdict.ts'
import { containerOf, numberInput, type OperationTools, optionalText } from './tools.ts'

/** ms a container without a health check has to run before it counts as well. */
const STABILITY = 2_000

/** Waits for a container to become well, told by the engine's events; inspection is the truth (rule 55). */
export function awaitHealthy(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      const id = containerOf(tools, operation)
      const changes = tools.hub.watch(id, context.signal)
      try {
        let container = await inspectPatiently(tools, id, changes)
        const isNew = optionalText(operation, 'create') !== undefined
        const policy = {
          stability: STABILITY,
          watch: numberInput(operation, 'watch'),
          restarts: isNew ? 0 : (container?.RestartCount ?? 0),
          forgiving: !isNew,
        }
        let history: HealthHistory = { startedAt: Date.now() }
        for (;;) {
          const verdict = judgeHealth(container, history, policy, Date.now())
          if (verdict.kind === 'ready') return {}
          if (verdict.kind === 'failed') {
            // `failure_action: continue`: said, and gone on.
            if (operation.input.tolerant === true) {
              context.progress({ message: `${operation.resource} ${verdict.reason}` })
              return { failed: verdict.reason }
            }
            throw new DdalabError(verdict.code, `${nameOf(container) ?? operation.resource} ${verdict.reason}.`, {
              details: await failureEvidence(tools, id, container),
              nextSteps: [`ddalab logs ${operation.input.service ?? ''}`.trim()],
            })
          }
          history = verdict.history
          context.progress({ message: verdict.state })
          await changes.next(verdict.until - Date.now())
          container = await inspectPatiently(tools, id, changes)
        }
      } finally {
        changes.close()
      }
    },
    async undo() {},
  }
}

/** ms that a container which was started again in an undo gets to become well. */
const AGAIN = 60_000

/** Waits for a container that was well before; after a while it goes on all the same, for an undo must come to its end. */
export async function awaitWell(
  { hub, engine }: OperationTools,
  id: string,
  progress: OperationContext['progress'],
): Promise<void> {
  const until = Date.now() + AGAIN
  const changes = hub.watch(id, AbortSignal.timeout(AGAIN))
  try {
    for (;;) {
      const state = (await engine.containers.inspect(id))?.State
      if (state === undefined || Date.now() >= until) return
      if (state.Running && (state.Health === undefined || state.Health.Status === 'healthy')) return
      progress({ message: state.Health?.Status ?? state.Status })
      await changes.next(until - Date.now())
    }
  } finally {
    changes.close()
  }
}

/** ms that a restart of the engine may take before a wait gives up (rule 32). */
const RECONNECT = 20_000

/** Inspects; where the engine has gone away, waits for its return for a while. */
async function inspectPatiently(
  { engine }: OperationTools,
  id: string,
  changes: Watch,
): Promise<Container | undefined> {
  const until = Date.now() + RECONNECT
  for (;;) {
    try {
      return await engine.containers.inspect(id)
    } catch (error) {
      const gone = error instanceof DdalabError && ['ENGINE_GONE', 'ENGINE_UNREACHABLE'].includes(error.code)
      if (!gone || Date.now() >= until) throw error
      await changes.next(until - Date.now())
    }
  }
}

/** The name that people know: without what a container bears before it while it replaces another. */
function nameOf(container: Container | undefined): string | undefined {
  return container?.Name.replace(/^\/(?:[0-9a-f]{12}_)?/, '')
}

/** Waits for a one-shot to end; only exit code 0 lets its dependents start (rule 26). */
export function awaitCompleted(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, { signal }: OperationContext) {
      const id = containerOf(tools, operation)
      const exitCode = await tools.engine.containers.wait(id, { signal })
      if (exitCode === 0) return { exitCode }
      const container = await tools.engine.containers.inspect(id)
      throw new DdalabError('CONTAINER_EXITED', `${nameOf(container) ?? id} exited with code ${exitCode}.`, {
        details: await failureEvidence(tools, id, container),
      })
    },
    async undo() {},
  }
}
