import { type Json, type Operation, type OperationId, operationId, type Phase } from '../../../kernel/plan.ts'

interface Step {
  readonly kind: string
  /** What makes the id unique among operations of its kind: `web-1`. */
  readonly subject: string
  readonly resource: string
  readonly cause: string
  readonly effect: string
  readonly input?: { readonly [key: string]: Json }
  readonly after?: readonly (OperationId | undefined)[]
  readonly phase?: Phase
}

/** Collects the operations of a plan. Edges may name operations that are added later; those never added are dropped. */
export class PlanBuilder {
  readonly #operations = new Map<OperationId, Operation>()

  add(step: Step): OperationId {
    const id = operationId(step.kind, step.subject)
    this.#operations.set(id, {
      id,
      kind: step.kind,
      resource: step.resource,
      cause: step.cause,
      effect: step.effect,
      phase: step.phase ?? 'apply',
      after: (step.after ?? []).filter((other) => other !== undefined),
      input: step.input ?? {},
    })
    return id
  }

  /** Adds an edge to an operation that is there already. */
  order(id: OperationId, ...after: readonly OperationId[]): void {
    const operation = this.#operations.get(id)
    if (operation === undefined) return
    this.#operations.set(id, { ...operation, after: [...operation.after, ...after] })
  }

  idsOf(...kinds: readonly string[]): OperationId[] {
    return [...this.#operations.values()].filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)
  }

  /** The operations, with every edge pointing to one of them, once. What comes before the verdict waits for nothing after it. */
  build(): readonly Operation[] {
    return [...this.#operations.values()].map((operation) => ({
      ...operation,
      after: [...new Set(operation.after)].filter((id) => {
        const other = id === operation.id ? undefined : this.#operations.get(id)
        return other !== undefined && (operation.phase === 'commit' || other.phase === 'apply')
      }),
    }))
  }
}
