import type { Operation, OperationId, Plan } from '../kernel/plan.ts'
import { operationId } from '../kernel/plan.ts'

/** Where programs of the instance's owner are run in a change, in this order: the names of the files in `hooks/`. */
export const HOOKS = [
  'before-pull',
  'after-pull',
  'before-backup',
  'after-backup',
  'before-switch',
  'after-switch',
  'after-commit',
  'after-rollback',
] as const
export type Hook = (typeof HOOKS)[number]

export const HOOK_RUN = 'hook.run'
/** Does nothing, and runs its hook when it is undone. */
export const HOOK_UNDO = 'hook.undo'

/** The steps of each phase of a change; the switch is everything that touches what runs. */
const PHASES: { readonly [phase: string]: (operation: Operation) => boolean } = {
  pull: ({ kind }) => kind === 'image.pull',
  backup: ({ kind }) => kind === 'data.backup',
  switch: ({ kind, phase }) =>
    phase === 'apply' && /^(container\.(start|stop|unpause)|traffic|ingress|data\.restore)/.test(kind),
}

/**
 * The plan with these hooks around its phases. A hook before a phase holds it up, one after a phase what comes next; a hook
 * that fails is a failed step. A phase that a change does not have has no hooks. Pure.
 */
export function withHooks(plan: Plan, hooks: readonly Hook[]): Plan {
  if (plan.operations.length === 0) return plan
  return HOOKS.filter((hook) => hooks.includes(hook)).reduce(addHook, plan)
}

function addHook(plan: Plan, hook: Hook): Plan {
  const [when = '', phase = ''] = hook.split('-')
  const { operations } = plan
  if (phase === 'commit') return { ...plan, operations: [...operations, step(plan, hook, 'commit', ids(operations))] }
  if (phase === 'rollback') {
    const effect = `run hooks/${hook} when everything has been undone`
    const root = { ...step(plan, hook, 'apply', []), kind: HOOK_UNDO, id: operationId(HOOK_UNDO, hook), effect }
    return { ...plan, operations: [root, ...operations.map((other) => afterToo(other, [root.id]))] }
  }
  const members = operations.filter(PHASES[phase] ?? (() => false))
  if (members.length === 0) return plan
  if (when === 'before') {
    const before = step(plan, hook, 'apply', phase === 'switch' ? ids(preparation(operations)) : [])
    const held = new Set(ids(members))
    return {
      ...plan,
      operations: [before, ...operations.map((one) => (held.has(one.id) ? afterToo(one, [before.id]) : one))],
    }
  }
  const after = step(plan, hook, 'apply', ids(phase === 'switch' ? applied(operations) : members))
  const earlier = new Set([...ids(members), ...ancestors(operations, members)])
  const held = operations.map((one) =>
    phase === 'switch' || earlier.has(one.id) || one.phase === 'commit' ? one : afterToo(one, [after.id]),
  )
  return { ...plan, operations: [...applied(held), after, ...held.filter((one) => one.phase === 'commit')] }
}

function step(
  { action, instance }: Plan,
  hook: Hook,
  phase: Operation['phase'],
  after: readonly OperationId[],
): Operation {
  return {
    id: operationId(HOOK_RUN, hook),
    kind: HOOK_RUN,
    resource: `hook ${hook}`,
    cause: action,
    effect: `run hooks/${hook}`,
    phase,
    after,
    input: { hook, action, instance },
  }
}

const ids = (operations: readonly Operation[]): readonly OperationId[] => operations.map(({ id }) => id)

function afterToo(operation: Operation, more: readonly OperationId[]): Operation {
  return { ...operation, after: [...new Set([...operation.after, ...more])] }
}

const applied = (operations: readonly Operation[]) => operations.filter(({ phase }) => phase === 'apply')

/** What is done before anything that runs is touched. */
function preparation(operations: readonly Operation[]): readonly Operation[] {
  const touching = operations.filter(PHASES.switch ?? (() => false))
  const later = descendants(operations, touching)
  return applied(operations).filter(({ id }) => !later.has(id))
}

/** These steps and all that wait for them. */
function descendants(operations: readonly Operation[], from: readonly Operation[]): ReadonlySet<OperationId> {
  const found = new Set(ids(from))
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const { id, after } of operations) if (after.some((other) => found.has(other))) found.add(id)
  }
  return found
}

/** What these steps wait for. */
function ancestors(operations: readonly Operation[], of: readonly Operation[]): ReadonlySet<OperationId> {
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  const found = new Set<OperationId>()
  const visit = (id: OperationId): void => {
    if (found.has(id)) return
    found.add(id)
    for (const other of byId.get(id)?.after ?? []) visit(other)
  }
  for (const { after } of of) for (const id of after) visit(id)
  return found
}
