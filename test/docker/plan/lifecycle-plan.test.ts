import { describe, expect, test } from 'vitest'
import { planLifecycle } from '../../../src/core/providers/docker/plan/lifecycle-plan.ts'
import { aContainer, allOf, printPlan } from '../../support/observation.ts'
import { aService, aStack, onCompleted } from '../../support/stack.ts'

const stack = aStack('demo', [aService('migrate'), aService('web', { dependsOn: { migrate: onCompleted } })])
const observed = (state: 'exited' | 'running', exitCode = 0) =>
  allOf(stack, {
    containers: [aContainer(stack, 'migrate', { state: 'exited', exitCode }), aContainer(stack, 'web', { state })],
  })
const steps = (action: 'start' | 'restart', ...args: Parameters<typeof observed>) =>
  printPlan(planLifecycle(action, stack, observed(...args), [])).replaceAll(/-[0-9a-f]{12}/g, '')

describe('start and restart', () => {
  test('rule 27: a completed one-shot is not run again', () => {
    expect(steps('start', 'exited')).toBe(`container.start:web-1 (start)
container.awaitHealthy:web-1 (start) after container.start:web-1`)
    expect(steps('restart', 'running')).not.toContain('migrate')
  })

  test('rule 26: one that failed is, and its dependents wait until it has completed', () => {
    expect(steps('start', 'exited', 1)).toBe(`container.start:migrate-1 (start)
container.awaitCompleted:migrate-1 (start) after container.start:migrate-1
container.start:web-1 (start) after container.awaitCompleted:migrate-1
container.awaitHealthy:web-1 (start) after container.start:web-1`)
  })
})
