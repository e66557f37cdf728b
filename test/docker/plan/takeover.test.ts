import { describe, expect, test } from 'vitest'
import { COMPOSE } from '../../../src/core/providers/docker/labels.ts'
import type { Observation, ObservedContainer } from '../../../src/core/providers/docker/observation.ts'
import { planDeploy } from '../../../src/core/providers/docker/plan/deploy-plan.ts'
import { aContainer, allOf, hex, nothingOf, printPlan } from '../../support/observation.ts'
import { aService, aStack, aVolume, onHealthy } from '../../support/stack.ts'

const data = { type: 'volume', source: 'data', target: '/data', readOnly: false, noCopy: false } as const
const postgres = aService('postgres', { mounts: [data], singleWriter: true })
const web = aService('web', {
  dependsOn: { postgres: onHealthy },
  ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }],
})
const stack = aStack('shop', [postgres, web], { volumes: { data: aVolume('shop_data') } })

const OLD = '/home/lab/shop'
/** A container that Compose made, from the old folder. */
const old = (service: string, given: Partial<ObservedContainer> = {}): ObservedContainer => ({
  ...aContainer(stack, 'web', { id: hex(`old ${service}`), name: `shop-${service}-1`, service, ...given }),
  labels: { [COMPOSE.project]: 'shop', [COMPOSE.service]: service, [COMPOSE.workingDir]: OLD },
})
const takenOver = { workingDir: OLD, replaced: ['db'] }
const there = (...containers: readonly ObservedContainer[]) => ({ ...allOf(stack), containers })
const mounted = {
  type: 'volume',
  name: 'shop_data',
  source: '/var/lib/docker/volumes/shop_data/_data',
  target: '/data',
}

describe('rule 01: containers from another directory', () => {
  test('are somebody else’s, unless an import made them ours: exactly those', () => {
    const codes = (observation: Observation) => planDeploy(stack, observation).problems.map(({ code }) => code)
    expect(codes(there(old('web')))).toEqual(['NAME_TAKEN'])
    expect(codes({ ...there(old('web')), takenOver })).toEqual([])
    expect(codes({ ...there(old('web')), takenOver: { ...takenOver, workingDir: '/home/lab' } })).toEqual([
      'NAME_TAKEN',
    ])
  })
})

describe('a stack that was taken over', () => {
  test('replaces what it has a service for, also under another name, and removes it only after the verdict', () => {
    const observation = { ...there(old('db', { mounts: [mounted] }), old('web')), takenOver }
    const { plan, warnings } = planDeploy(stack, observation)
    expect(printPlan(plan)).toMatchInlineSnapshot(`
      "container.create:postgres-1 (not there yet)
      container.start:postgres-1 (not there yet) after container.create:postgres-1, container.stop:db-1-46cc60457c3c
      container.awaitHealthy:postgres-1 (not there yet) after container.start:postgres-1
      container.create:web-1 (was not created by ddalab)
      container.stop:web-1 (was not created by ddalab) after container.create:postgres-1, container.create:web-1
      container.start:web-1 (was not created by ddalab) after container.awaitHealthy:postgres-1, container.create:web-1, container.stop:db-1-46cc60457c3c, container.stop:web-1
      container.awaitHealthy:web-1 (was not created by ddalab) after container.start:web-1
      [commit] container.remove:web-1-old (was not created by ddalab)
      [commit] container.rename:web-1 (was not created by ddalab) after container.remove:web-1-old
      container.stop:db-1-46cc60457c3c (its work is done by the stack) after container.create:postgres-1, container.create:web-1
      [commit] container.remove:db-1-46cc60457c3c (its work is done by the stack) after container.stop:db-1-46cc60457c3c"
    `)
    expect(warnings).toEqual([
      'The container "shop-db-1" carries this project\'s name but is no part of the stack; its work is done by the stack: it is removed.',
    ])
    expect(plan.downtime).toContainEqual({ service: 'db', expected: 2, why: 'its work is done by the stack' })
  })

  test('rule 05: a container that holds its port is stopped first, and kept', () => {
    const ports = [{ ip: '0.0.0.0', published: 8080, target: 80, protocol: 'tcp' }]
    const { plan, problems, warnings } = planDeploy(stack, { ...there(old('proxy', { ports })), takenOver })
    expect(problems).toEqual([])
    const [stop] = plan.operations.filter(({ kind }) => kind === 'container.stop')
    expect(stop?.cause).toBe('it holds port 8080, which the stack publishes')
    const start = plan.operations.find(({ id }) => id === 'container.start:web-1')
    expect(start?.after).toContain(stop?.id)
    expect(plan.operations.filter(({ kind }) => kind === 'container.remove')).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('it is stopped, and kept.')])
  })

  test('rule 08: one that writes to the data of a service is stopped first', () => {
    const tool = old('backup', { mounts: [mounted] })
    const { plan } = planDeploy(stack, { ...there(tool), takenOver })
    expect(plan.operations.map(({ kind, cause }) => `${kind}: ${cause}`)).toContain(
      'container.stop: it uses shop_data, which takes one writer at a time',
    )
  })

  test('one that is in nobody’s way is left alone, and so is one that the person has stopped', () => {
    const idle = old('backup', { mounts: [mounted], state: 'exited' })
    const { plan, warnings } = planDeploy(stack, { ...there(old('tool'), idle), takenOver })
    expect(plan.operations.filter(({ kind }) => kind === 'container.stop')).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('left alone'), expect.stringContaining('left alone')])
  })
})

test('rule 08: data that a container of another project writes to is found before anything starts', () => {
  const foreign = [{ id: hex('f'), name: 'old-db', project: 'old', running: true, mounts: ['shop_data'], ports: [] }]
  const [problem] = planDeploy(stack, nothingOf(stack, { foreign })).problems
  expect(problem).toMatchObject({ code: 'VOLUME_IN_USE', hint: expect.stringContaining('docker stop old-db') })
  const stopped = foreign.map((one) => ({ ...one, running: false }))
  expect(planDeploy(stack, nothingOf(stack, { foreign: stopped })).problems).toEqual([])
})
