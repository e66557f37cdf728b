import {
  type ExecuteOptions,
  type Handlers,
  type KernelEvent,
  type Operation,
  type OperationHandler,
  type OperationId,
  operationId,
  type Phase,
  type Plan,
} from '../../src/core/kernel/index.ts'
import { memoryJournals } from './memory-journal.ts'

/** `step:a` */
export function id(name: string): OperationId {
  return operationId('step', name)
}

export function step(name: string, after: readonly string[] = [], phase: Phase = 'apply'): Operation {
  return {
    id: id(name),
    kind: 'step',
    resource: name,
    cause: 'a test wants it',
    effect: `does ${name}`,
    phase,
    after: after.map(id),
    input: { name },
  }
}

export function planOf(...operations: readonly Operation[]): Plan {
  return { instance: 'demo', action: 'deploy', fingerprint: 'f', operations, downtime: [] }
}

/** Handlers that write down what is done: `do a`, `undo a`. `overrides` replaces single steps by name. */
export function recorder(overrides: { readonly [name: string]: Partial<OperationHandler> } = {}) {
  const log: string[] = []
  const step: OperationHandler = {
    execute: async (operation, context) => {
      log.push(`do ${operation.resource}`)
      return (await overrides[operation.resource]?.execute?.(operation, context)) ?? { of: operation.resource }
    },
    undo: async (operation, outcome, context) => {
      log.push(`undo ${operation.resource}${outcome === undefined ? ' (unknown)' : ''}`)
      await overrides[operation.resource]?.undo?.(operation, outcome, context)
    },
  }
  const handlers: Handlers = { step }
  return { log, handlers }
}

export function optionsFor(handlers: Handlers, more: Partial<ExecuteOptions> = {}) {
  const events: KernelEvent[] = []
  const journals = memoryJournals()
  const options = {
    run: 'run-1',
    command: 'ddalab deploy',
    handlers,
    journals,
    sink: { emit: (event: KernelEvent) => void events.push(event) },
    now: () => new Date(0),
    ...more,
  }
  return { options, events, journals }
}
