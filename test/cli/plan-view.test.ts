import { describe, expect, it } from 'vitest'
import { type Operation, operationId, type Plan } from '../../src/core/kernel/plan.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { renderPlan } from '../../src/ui/cli/views/plan.ts'

function step(kind: string, resource: string, cause: string, effect: string): Operation {
  return { id: operationId(kind, resource), kind, resource, cause, effect, phase: 'apply', after: [], input: {} }
}

const PLAN: Plan = {
  instance: 'lab',
  action: 'deploy',
  fingerprint: 'f',
  operations: [
    step('network.create', 'network lab_default', 'not there yet', 'create it'),
    step('image.pull', 'image demo:2', 'not on this host', 'pull it'),
    step('container.create', 'container lab-web-1', 'image digest changed', 'create from demo:2'),
    step('container.remove', 'container lab-web-1', 'image digest changed', 'remove a1b2c3'),
    step('container.remove', 'container lab-old-1', 'no longer in the configuration', 'remove it'),
  ],
  downtime: [{ service: 'web', expected: 4, why: 'it has a published port of its own' }],
}

describe('a plan in words', () => {
  it('says of each resource whether it comes, changes or goes, why, and what is done', () => {
    expect(renderPlan(PLAN, PLAIN)).toMatchInlineSnapshot(`
      "Plan to deploy lab: 4 changes

        + network lab_default: create it  not there yet
        + image demo:2: pull it  not on this host
        ~ container lab-web-1  image digest changed
            create from demo:2
            remove a1b2c3
        - container lab-old-1: remove it  no longer in the configuration

      Downtime: web about 4s (it has a published port of its own)"
    `)
  })

  it('says so when there is no downtime', () => {
    expect(renderPlan({ ...PLAN, downtime: [] }, PLAIN)).toContain('Downtime: none expected')
  })

  it('says so when there is nothing to do', () => {
    expect(renderPlan({ ...PLAN, operations: [], downtime: [] }, PLAIN)).toMatchInlineSnapshot(
      `"Nothing to do: lab is as it should be."`,
    )
  })
})
