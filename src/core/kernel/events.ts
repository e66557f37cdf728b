import { type ErrorData, toDdalabError } from '../errors.ts'
import type { Operation, OperationId, Phase } from './plan.ts'

export type RunResult = 'committed' | 'rolled-back' | 'rollback-failed' | 'parked'

/** Progress of one step: a sentence, and amounts where they are known (bytes of layers, seconds of a wait). */
export interface Progress {
  readonly message: string
  readonly current?: number
  readonly total?: number
  readonly unit?: 'bytes' | 'seconds' | 'layers'
  /** For pulls: one entry per layer. */
  readonly layers?: readonly {
    readonly id: string
    readonly status: string
    readonly current: number
    readonly total: number
  }[]
}

/** What the kernel tells while it works. The list, the TUI, `--events` and the log are renderers of it. */
export type KernelEvent =
  | {
      readonly type: 'run.started'
      readonly run: string
      readonly action: string
      readonly instance: string
      readonly operations: readonly Pick<Operation, 'id' | 'kind' | 'resource' | 'effect' | 'phase'>[]
    }
  | { readonly type: 'operation.started'; readonly operation: OperationId }
  | { readonly type: 'operation.progress'; readonly operation: OperationId; readonly progress: Progress }
  | { readonly type: 'operation.succeeded'; readonly operation: OperationId; readonly elapsedMs: number }
  | { readonly type: 'operation.failed'; readonly operation: OperationId; readonly error: ErrorData }
  | { readonly type: 'operation.undoing'; readonly operation: OperationId }
  | { readonly type: 'operation.undone'; readonly operation: OperationId }
  | { readonly type: 'operation.undoFailed'; readonly operation: OperationId; readonly error: ErrorData }
  | {
      readonly type: 'run.verdict'
      readonly run: string
      readonly verdict: 'commit' | 'undo'
      readonly cause?: ErrorData
    }
  | {
      readonly type: 'run.recovering'
      readonly run: string
      readonly verdict: 'commit' | 'undo'
      readonly startedAt: string
    }
  | { readonly type: 'run.finished'; readonly run: string; readonly result: RunResult; readonly elapsedMs: number }
  | { readonly type: 'notice'; readonly level: 'info' | 'warning'; readonly message: string }

/** An event as it is sent: numbered from 1 and stamped (ISO 8601). */
export type StampedEvent = KernelEvent & { readonly seq: number; readonly ts: string }

export type EventListener = (event: StampedEvent) => void

/** Where work reports to. One per command; passed in, never global. */
export interface EventSink {
  emit(event: KernelEvent): void
}

/** An event sink that hands each event, numbered and stamped, to those who listen. */
export interface EventBus extends EventSink {
  /** Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void
}

/**
 * The bus of one command. `redact` is applied to every event before anyone sees it. A listener that throws is a bug of a
 * renderer and must not break a run: it is dropped, and the others are told.
 */
export function createEventBus(
  now: () => Date,
  redact: (event: KernelEvent) => KernelEvent = (event) => event,
): EventBus {
  const listeners = new Set<EventListener>()
  let seq = 0
  const emit = (event: KernelEvent): void => {
    const stamped: StampedEvent = { seq: ++seq, ts: now().toISOString(), ...redact(event) }
    const broken: unknown[] = []
    for (const listener of listeners) {
      try {
        listener(stamped)
      } catch (thrown) {
        listeners.delete(listener)
        broken.push(thrown)
      }
    }
    for (const thrown of broken) {
      emit({
        type: 'notice',
        level: 'warning',
        message: `an output failed and was dropped: ${toDdalabError(thrown).message}`,
      })
    }
  }
  return {
    emit,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export type { Phase }
