/** A stable, readable name of a step, unique in its plan: `container.create:web-1`. */
export type OperationId = string & { readonly __brand: 'OperationId' }

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * `apply` steps are undone when the run fails. `commit` steps (removing what was replaced, recording the release) run after
 * the verdict, cannot be undone, and are finished by recovery when the program dies among them.
 */
export type Phase = 'apply' | 'commit'

/** One step as plain data. It holds no secrets: handlers look those up by the names in `input`. */
export interface Operation {
  readonly id: OperationId
  readonly kind: string
  /** What it touches, in the words of its owner: `container demo-web-1`. */
  readonly resource: string
  /** Why it is needed: `image digest changed`. */
  readonly cause: string
  /** What it will do: `replace a1b2c3 by a container of demo:2`. */
  readonly effect: string
  readonly phase: Phase
  /** Steps that must have succeeded before this one starts. */
  readonly after: readonly OperationId[]
  /** What its handler needs, small and serialisable. */
  readonly input: { readonly [key: string]: Json }
}

export interface Downtime {
  readonly service: string
  /** Expected seconds without service. */
  readonly expected: number
  readonly why: string
}

/** What will be done, shown before it is done. The same observation and stack give the same plan. */
export interface Plan {
  /** The instance it is for. */
  readonly instance: string
  /** The command that asked for it: `deploy`, `destroy`, ... */
  readonly action: string
  /** Of the observation and the wanted stack; execution refuses when it no longer holds (rule 43). */
  readonly fingerprint: string
  readonly operations: readonly Operation[]
  readonly downtime: readonly Downtime[]
}

/** The number of resources a plan changes: what `changes` means in `plan --json`. */
export function countChanges(plan: Plan): number {
  return new Set(plan.operations.map((operation) => operation.resource)).size
}

/** The id of the step of this kind on this thing: `container.create` on `web-1` is `container.create:web-1`. */
export function operationId(kind: string, thing: string): OperationId {
  return `${kind}:${thing}` as OperationId
}
