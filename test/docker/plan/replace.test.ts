import { describe, expect, test } from 'vitest'
import { graphOf } from '../../../src/core/kernel/graph.ts'
import type { ObservedContainer } from '../../../src/core/providers/docker/observation.ts'
import { planDeploy } from '../../../src/core/providers/docker/plan/deploy-plan.ts'
import { ingressFiles } from '../../../src/core/stack/ingress/index.ts'
import type { IngressInput, Service, Stack, UpdateConfig } from '../../../src/core/stack/model.ts'
import { aContainer, allOf, hex, printPlan } from '../../support/observation.ts'
import { aService, aStack, onCompleted } from '../../support/stack.ts'

const input: IngressInput = {
  routes: [{ hosts: [], pathPrefix: '/', stripPrefix: false, service: 'web', port: 80 }],
  tls: { kind: 'off' },
  httpPort: 80,
  httpsPort: 443,
  entries: [],
}
const rolling: UpdateConfig = { parallelism: 1, delay: 0 }

/** A shop whose web service is behind nginx. */
function shop(web: Partial<Service>, kind: 'nginx' | 'caddy' = 'nginx'): Stack {
  return aStack('shop', [aService('web', web), aService('ingress')], {
    ingress: { kind, service: 'ingress', input, reload: ['reload'] },
    files: [...ingressFiles(kind, input)],
  })
}

/** What runs, and the files that the ingress reads. */
function observed(stack: Stack) {
  const files = Object.fromEntries(stack.files.map(({ path, content }) => [path, content]))
  const containers = Object.values(stack.services).flatMap(({ name, replicas }) =>
    Array.from({ length: replicas }, (_, index): ObservedContainer => {
      const number = index + 1
      return aContainer(stack, name, { number, id: hex(`${name}-${number}`), name: `shop-${name}-${number}` })
    }),
  )
  return allOf(stack, { containers, files })
}

const changed = { environment: { VERSION: '2' } }
const planOf = (web: Partial<Service>) => planDeploy(shop({ ...web, ...changed }), observed(shop(web))).plan

describe('a service behind the ingress', () => {
  test('starts first: the old one serves until the new one has, and goes only after the verdict', () => {
    const plan = planOf({})
    expect(plan.downtime).toEqual([])
    expect(printPlan(plan)).toMatchInlineSnapshot(`
      "traffic.hold:ingress (web changes) after container.create:web-1
      container.create:web-1 (environment changed)
      container.start:web-1 (environment changed) after container.create:web-1, traffic.hold:ingress
      container.awaitHealthy:web-1 (environment changed) after container.start:web-1
      traffic.switch:web (environment changed) after container.awaitHealthy:web-1, traffic.hold:ingress
      container.watch:web-1 (environment changed) after traffic.switch:web
      [commit] traffic.drain:web-1 (it serves no new requests) after container.watch:web-1
      [commit] container.stop:web-1 (environment changed) after container.create:web-1, traffic.drain:web-1
      [commit] container.remove:web-1-old (environment changed) after container.stop:web-1
      [commit] container.rename:web-1 (environment changed) after container.remove:web-1-old
      [commit] traffic.settle:ingress (the switch is over) after container.stop:web-1"
    `)
  })

  test('requests are held at what serves, sent to what is new, and in the end to the name again', () => {
    const routes = planOf({}).operations.flatMap(({ id, input }) =>
      Array.isArray(input.files) ? [[id, /"?\*"? (.*);/.exec(String(Object(input.files[0]).content))?.[1]]] : [],
    )
    const old = hex('web-1').slice(0, 12)
    expect(routes).toEqual([
      ['traffic.hold:ingress', `${old}:80`],
      ['traffic.switch:web', `next-${old}:80`],
      ['traffic.settle:ingress', 'web:80'],
    ])
  })

  test('several of it: one group after the other, and what has been replaced stops before the next', () => {
    expect(printPlan(planOf({ replicas: 2, updateConfig: { ...rolling, delay: 3000 } }))).toMatchInlineSnapshot(`
      "traffic.hold:ingress (web changes) after container.create:web-1, container.create:web-2
      container.create:web-1 (environment changed)
      container.start:web-1 (environment changed) after container.create:web-1, traffic.hold:ingress
      container.awaitHealthy:web-1 (environment changed) after container.start:web-1
      traffic.switch:web-1 (environment changed) after container.awaitHealthy:web-1, traffic.hold:ingress
      container.watch:web-1 (environment changed) after traffic.switch:web-1
      traffic.drain:web-1 (it serves no new requests) after container.watch:web-1
      container.stop:web-1 (environment changed) after container.create:web-1, container.create:web-2, traffic.drain:web-1
      [commit] container.remove:web-1-old (environment changed) after container.stop:web-1
      [commit] container.rename:web-1 (environment changed) after container.remove:web-1-old
      wait:web-1 (its update_config says so) after container.stop:web-1
      container.create:web-2 (environment changed)
      container.start:web-2 (environment changed) after container.create:web-2, traffic.hold:ingress, wait:web-1
      container.awaitHealthy:web-2 (environment changed) after container.start:web-2
      traffic.switch:web-2 (environment changed) after container.awaitHealthy:web-2, traffic.switch:web-1
      container.watch:web-2 (environment changed) after traffic.switch:web-2
      [commit] traffic.drain:web-2 (it serves no new requests) after container.watch:web-2
      [commit] container.stop:web-2 (environment changed) after container.create:web-1, container.create:web-2, traffic.drain:web-2
      [commit] container.remove:web-2-old (environment changed) after container.stop:web-2
      [commit] container.rename:web-2 (environment changed) after container.remove:web-2-old
      [commit] traffic.settle:ingress (the switch is over) after container.stop:web-1, container.stop:web-2"
    `)
  })

  test('stop-first by its update_config: requests are sent away before it stops', () => {
    const plan = planOf({ replicas: 2, updateConfig: { ...rolling, order: 'stop-first' } })
    expect(plan.downtime).toEqual([])
    expect(printPlan(plan)).toMatchInlineSnapshot(`
      "traffic.hold:ingress (web changes) after container.create:web-1, container.create:web-2
      container.create:web-1 (environment changed)
      traffic.switch:web-1-away (environment changed) after traffic.hold:ingress
      traffic.drain:web-1 (it serves no new requests) after traffic.switch:web-1-away
      container.stop:web-1 (environment changed) after container.create:web-1, container.create:web-2, traffic.drain:web-1
      container.start:web-1 (environment changed) after container.create:web-1, container.stop:web-1
      container.awaitHealthy:web-1 (environment changed) after container.start:web-1
      [commit] container.remove:web-1-old (environment changed)
      [commit] container.rename:web-1 (environment changed) after container.remove:web-1-old
      container.create:web-2 (environment changed)
      traffic.switch:web-2-away (environment changed) after container.awaitHealthy:web-1, traffic.switch:web-1-away
      traffic.drain:web-2 (it serves no new requests) after traffic.switch:web-2-away
      container.stop:web-2 (environment changed) after container.create:web-1, container.create:web-2, traffic.drain:web-2
      container.start:web-2 (environment changed) after container.create:web-2, container.stop:web-2
      container.awaitHealthy:web-2 (environment changed) after container.start:web-2
      [commit] container.remove:web-2-old (environment changed)
      [commit] container.rename:web-2 (environment changed) after container.remove:web-2-old
      traffic.switch:web-2 (environment changed) after container.awaitHealthy:web-2, traffic.switch:web-2-away
      container.watch:web-2 (environment changed) after traffic.switch:web-2
      [commit] traffic.settle:ingress (the switch is over) after container.stop:web-1, container.stop:web-2"
    `)
  })

  test.each(['start-first', 'stop-first'] as const)(
    '%s in groups, with something replaced that it depends on: nothing waits for itself',
    (order) => {
      const migrate = (given: Partial<Service>) => aService('migrate', given)
      const stackOf = (given: Partial<Service>): Stack => {
        const shopped = shop({
          replicas: 2,
          updateConfig: { ...rolling, order },
          dependsOn: { migrate: onCompleted },
          ...given,
        })
        return { ...shopped, services: { ...shopped.services, migrate: migrate(given) } }
      }
      const { operations } = planDeploy(stackOf(changed), observed(stackOf({}))).plan
      expect(() => graphOf(operations)).not.toThrow()
    },
  )

  test('parallelism: so many at a time, 0 for all', () => {
    const switches = (parallelism: number) =>
      planOf({ replicas: 3, updateConfig: { ...rolling, parallelism } }).operations.filter(
        ({ kind }) => kind === 'traffic.switch',
      ).length
    expect([1, 2, 3, 0].map(switches)).toEqual([3, 2, 1, 1])
  })

  test('monitor: watched for as long, before and after it serves; not on the way back to what has served', () => {
    const watches = (watch: boolean) => {
      const before = shop({ updateConfig: { ...rolling, monitor: 7000 } })
      const after = shop({ updateConfig: { ...rolling, monitor: 7000 }, ...changed })
      return planDeploy(after, observed(before), { watch }).plan.operations.flatMap(({ id, input }) =>
        typeof input.watch === 'number' ? [[id, input.watch]] : [],
      )
    }
    expect(watches(true)).toEqual([
      ['container.awaitHealthy:web-1', 7000],
      ['container.watch:web-1', 7000],
    ])
    expect(watches(false)).toEqual([['container.awaitHealthy:web-1', 0]])
  })

  test.each<readonly [string, Partial<Service>, string]>([
    [
      'rule 06: a published port',
      { ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }] },
      'it publishes host port 8080, which two containers cannot share',
    ],
    ['rule 08: a single writer', { singleWriter: true }, 'its volume takes one writer at a time'],
    ['the network of another', { networkMode: 'host', networks: {} }, 'it shares the network of another'],
    [
      'a fixed address',
      { networks: { default: { aliases: [], ipv4Address: '10.0.0.9' } } },
      'it has an address of its own',
    ],
  ])('%s makes it stop first, and the plan says why', (_what, web, why) => {
    const plan = planOf(web)
    expect(plan.downtime).toMatchObject([{ service: 'web', why }])
    expect(plan.operations.some(({ kind }) => kind.startsWith('traffic.'))).toBe(false)
  })

  test('whose way in changes as well is stopped first', () => {
    const before = observed(shop({}))
    const plan = planDeploy(shop(changed), {
      ...before,
      files: { ...before.files, 'ingress/nginx.conf': 'other' },
    }).plan
    expect(plan.downtime).toMatchObject([{ service: 'web', why: 'the way in changes with it' }])
  })

  test('Caddy is never reloaded for it', () => {
    const plan = planDeploy(shop(changed, 'caddy'), observed(shop({}, 'caddy'))).plan
    const routes = plan.operations.filter(({ input }) => Array.isArray(input.files))
    expect(routes.map(({ input }) => input.reload)).toEqual([null, null, null])
  })
})

describe('a service that is not behind the ingress', () => {
  const alone = (updateConfig?: UpdateConfig) =>
    aStack('shop', [aService('db', { ...(updateConfig && { updateConfig }) })])
  const plan = (updateConfig?: UpdateConfig) => {
    const before = alone(updateConfig)
    return planDeploy(
      aStack('shop', [aService('db', { ...changed, ...(updateConfig && { updateConfig }) })]),
      allOf(before),
    ).plan
  }

  test('stops first, unless its update_config says otherwise', () => {
    expect(plan().downtime).toHaveLength(1)
    expect(plan({ ...rolling, order: 'start-first' }).downtime).toEqual([])
    expect(printPlan(plan({ ...rolling, order: 'start-first' }))).toMatchInlineSnapshot(`
      "container.create:db-1 (environment changed)
      container.start:db-1 (environment changed) after container.create:db-1
      container.awaitHealthy:db-1 (environment changed) after container.start:db-1
      [commit] container.stop:db-1 (environment changed) after container.awaitHealthy:db-1, container.create:db-1
      [commit] container.remove:db-1-old (environment changed) after container.stop:db-1
      [commit] container.rename:db-1 (environment changed) after container.remove:db-1-old"
    `)
  })
})
