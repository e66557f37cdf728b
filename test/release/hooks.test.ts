import { describe, expect, test } from 'vitest'
import { type Operation, operationId, type Phase, type Plan } from '../../src/core/kernel/index.ts'
import { HOOKS, type Hook, withHooks } from '../../src/core/release/hooks.ts'

function step(kind: string, after: readonly string[] = [], phase: Phase = 'apply'): Operation {
  const id = operationId(kind, 'web')
  const others = after.map((other) => operationId(other, 'web'))
  return { id, kind, resource: 'web', cause: '', effect: '', phase, after: others, input: {} }
}

const plan: Plan = {
  instance: 'shop',
  action: 'update',
  fingerprint: '',
  downtime: [],
  operations: [
    step('image.pull'),
    step('container.create', ['image.pull']),
    step('container.stop', ['container.create']),
    step('container.start', ['container.stop']),
    step('config.write', ['container.start']),
    step('release.record', [], 'commit'),
  ],
}

/** What each step waits for, of the hooks. */
function waits(hooks: readonly Hook[]): Record<string, string[]> {
  const { operations } = withHooks(plan, hooks)
  return Object.fromEntries(
    operations.map(({ id, after }) => [
      id,
      after
        .filter((other) => other.startsWith('hook.'))
        .map((one) => one.slice(9))
        .sort(),
    ]),
  )
}

describe('hooks', () => {
  test('are around their phases, in this order', () => {
    expect(
      waits(['before-pull', 'after-pull', 'before-switch', 'after-switch', 'after-commit']),
    ).toMatchInlineSnapshot(`
      {
        "config.write:web": [
          "after-pull",
        ],
        "container.create:web": [
          "after-pull",
        ],
        "container.start:web": [
          "after-pull",
          "before-switch",
        ],
        "container.stop:web": [
          "after-pull",
          "before-switch",
        ],
        "hook.run:after-commit": [
          "after-pull",
          "after-switch",
          "before-pull",
          "before-switch",
        ],
        "hook.run:after-pull": [],
        "hook.run:after-switch": [
          "after-pull",
          "before-pull",
          "before-switch",
        ],
        "hook.run:before-pull": [],
        "hook.run:before-switch": [
          "after-pull",
          "before-pull",
        ],
        "image.pull:web": [
          "before-pull",
        ],
        "release.record:web": [],
      }
    `)
  })

  test('after-rollback is undone last: everything waits for its step', () => {
    const { operations } = withHooks(plan, ['after-rollback'])
    const [root, ...others] = operations
    expect(root).toMatchObject({ kind: 'hook.undo', phase: 'apply', after: [] })
    expect(others.every(({ after }) => root !== undefined && after.includes(root.id))).toBe(true)
  })

  test('of a phase that a change does not have are left out, and nothing has none', () => {
    expect(waits(['before-backup', 'after-backup'])).toEqual(waits([]))
    expect(withHooks({ ...plan, operations: [] }, HOOKS).operations).toEqual([])
  })
})
