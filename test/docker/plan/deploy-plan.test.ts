import { describe, expect, test } from 'vitest'
import { COMPOSE } from '../../../src/core/providers/docker/labels.ts'
import { planDeploy } from '../../../src/core/providers/docker/plan/deploy-plan.ts'
import { aContainer, allOf, anEngine, hex, imageId, nothingOf, printPlan } from '../../support/observation.ts'
import { aNetwork, aService, aStack, aVolume, onCompleted, onHealthy } from '../../support/stack.ts'

const data = { type: 'volume', source: 'data', target: '/data', readOnly: false, noCopy: false } as const
const database = aService('db', { mounts: [data], singleWriter: true })
const web = aService('web', { dependsOn: { db: onHealthy } })
const stack = aStack('shop', [database, web], { volumes: { data: aVolume('shop_data') } })

const codes = (result: ReturnType<typeof planDeploy>) => result.problems.map(({ code }) => code)

describe('a first deploy', () => {
  test('creates everything at once and starts it in order of dependency', () => {
    expect(printPlan(planDeploy(stack, nothingOf(stack)).plan)).toMatchInlineSnapshot(`
      "network.create:default (not there yet)
      volume.create:data (not there yet)
      container.create:db-1 (not there yet) after network.create:default, volume.create:data
      container.start:db-1 (not there yet) after container.create:db-1
      container.awaitHealthy:db-1 (not there yet) after container.start:db-1
      container.create:web-1 (not there yet) after network.create:default
      container.start:web-1 (not there yet) after container.awaitHealthy:db-1, container.create:web-1
      container.awaitHealthy:web-1 (not there yet) after container.start:web-1"
    `)
  })

  test('pulls what the engine does not have, before anything is created from it', () => {
    const observation = nothingOf(stack, { images: { 'db:1': null, 'web:1': null } })
    expect(printPlan(planDeploy(aStack('shop', [database, web]), observation).plan)).toMatchInlineSnapshot(`
      "network.create:default (not there yet)
      image.pull:db:1 (not on this engine)
      image.pull:web:1 (not on this engine)
      container.create:db-1 (not there yet) after image.pull:db:1, network.create:default
      container.start:db-1 (not there yet) after container.create:db-1
      container.awaitHealthy:db-1 (not there yet) after container.start:db-1
      container.create:web-1 (not there yet) after image.pull:web:1, network.create:default
      container.start:web-1 (not there yet) after container.awaitHealthy:db-1, container.create:web-1
      container.awaitHealthy:web-1 (not there yet) after container.start:web-1"
    `)
  })

  test('implies no downtime', () => {
    expect(planDeploy(stack, nothingOf(stack)).plan.downtime).toEqual([])
  })
})

describe('a deploy of what runs already', () => {
  test('has nothing to do', () => {
    expect(planDeploy(stack, allOf(stack)).plan.operations).toEqual([])
  })

  test('the same arguments give the same plan and fingerprint', () => {
    expect(planDeploy(stack, allOf(stack))).toEqual(planDeploy(stack, allOf(stack)))
  })

  test('rule 43: the fingerprint follows what changes, not what changes by itself', () => {
    const { fingerprint } = planDeploy(stack, allOf(stack)).plan
    const starting = allOf(stack, {
      containers: [aContainer(stack, 'db', { health: 'starting' }), aContainer(stack, 'web')],
    })
    const stopped = allOf(stack, {
      containers: [aContainer(stack, 'db', { state: 'exited' }), aContainer(stack, 'web')],
    })
    expect(planDeploy(stack, starting).plan.fingerprint).toBe(fingerprint)
    expect(planDeploy(stack, stopped).plan.fingerprint).not.toBe(fingerprint)
  })

  test('rule 27: a completed one-shot is not run again', () => {
    const migrate = aService('migrate', { restart: 'no' })
    const app = aService('app', { dependsOn: { migrate: onCompleted } })
    const shop = aStack('shop', [migrate, app])
    const completed = aContainer(shop, 'migrate', { state: 'exited', exitCode: 0, health: 'none' })
    expect(planDeploy(shop, allOf(shop, { containers: [completed, aContainer(shop, 'app')] })).plan.operations).toEqual(
      [],
    )
  })
})

describe('a changed service', () => {
  const changed = aStack('shop', [database, { ...web, environment: { COLOUR: 'blue' } }], {
    volumes: { data: aVolume('shop_data') },
  })

  test('rule 14: is prepared while the old one runs, and the old one is kept until the verdict', () => {
    expect(printPlan(planDeploy(changed, allOf(stack)).plan)).toMatchInlineSnapshot(`
      "container.create:web-1 (environment changed)
      container.stop:web-1 (environment changed) after container.create:web-1
      container.start:web-1 (environment changed) after container.create:web-1, container.stop:web-1
      container.awaitHealthy:web-1 (environment changed) after container.start:web-1
      [commit] container.remove:web-1-old (environment changed)
      [commit] container.rename:web-1 (environment changed) after container.remove:web-1-old"
    `)
  })

  test('rule 06: says its downtime and why', () => {
    const published = { ...web, ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }] as const }
    expect(planDeploy(aStack('shop', [database, published]), allOf(stack)).plan.downtime).toMatchInlineSnapshot(`
      [
        {
          "expected": 1,
          "service": "db",
          "why": "its volume takes one writer at a time",
        },
        {
          "expected": 1,
          "service": "web",
          "why": "it publishes host port 8080, which two containers cannot share",
        },
      ]
    `)
  })

  test('rule 08: a single-writer volume is given as the reason', () => {
    const other = aStack('shop', [{ ...database, environment: { A: '1' } }, web], {
      volumes: { data: aVolume('shop_data') },
    })
    expect(planDeploy(other, allOf(stack)).plan.downtime[0]?.why).toContain('one writer')
  })

  test('rule 16: is replaced when its tag means another image now', () => {
    const moved = { id: imageId('another'), repoDigests: [], os: 'linux', architecture: 'amd64' }
    const observation = allOf(stack)
    const { plan } = planDeploy(stack, { ...observation, images: { ...observation.images, 'web:1': moved } })
    expect(plan.operations.find(({ kind }) => kind === 'container.create')?.cause).toBe('image digest changed')
  })

  test('is pulled and replaced when the registry has a newer digest', () => {
    const observation = allOf(stack, { registryDigests: { 'web:1': 'sha256:beef' } })
    const { plan } = planDeploy(stack, observation)
    expect(plan.operations.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['image.pull:web:1', 'container.create:web-1', 'container.stop:web-1']),
    )
  })

  test('rule 09: hands its anonymous volumes on by name', () => {
    const anonymous = { type: 'volume', name: hex('anonymous'), target: '/cache' }
    const named = { type: 'volume', name: 'shop_data', target: '/data' }
    const old = aContainer(stack, 'web', { mounts: [anonymous, named] })
    const { plan } = planDeploy(changed, allOf(stack, { containers: [aContainer(stack, 'db'), old] }))
    const create = plan.operations.find(({ kind }) => kind === 'container.create')
    expect(create?.input.anonymousVolumes).toEqual([{ name: hex('anonymous'), target: '/cache' }])
  })

  test('rule 31: its restart policy is neutralised until the verdict', () => {
    const { plan } = planDeploy(changed, allOf(stack))
    const stop = plan.operations.find(({ kind }) => kind === 'container.stop')
    expect(stop?.input.restartPolicy).toEqual({ name: 'unless-stopped', maximumRetryCount: 0 })
  })

  test('rule 37: takes along who shares its network', () => {
    const sidecar = aService('sidecar', { networkMode: 'service:web', networks: {} })
    const before = aStack('shop', [web, sidecar])
    const after = aStack('shop', [{ ...web, environment: { A: '1' } }, sidecar])
    const { plan } = planDeploy(after, allOf(before))
    const create = plan.operations.find(({ id }) => id === 'container.create:sidecar-1')
    expect(create?.cause).toBe('web, which it is attached to, is recreated')
    expect(create?.after).toContain('container.create:web-1')
  })

  test('stops dependents first where they ask for it (depends_on.restart)', () => {
    const eager = { ...web, dependsOn: { db: { ...onHealthy, restart: true } } }
    const before = aStack('shop', [database, eager], { volumes: { data: aVolume('shop_data') } })
    const after = aStack('shop', [{ ...database, environment: { A: '1' } }, eager], {
      volumes: { data: aVolume('shop_data') },
    })
    expect(printPlan(planDeploy(after, allOf(before)).plan)).toMatchInlineSnapshot(`
      "container.create:db-1 (environment changed)
      container.stop:db-1 (environment changed) after container.create:db-1, container.stop:web-1
      container.start:db-1 (environment changed) after container.create:db-1, container.stop:db-1
      container.awaitHealthy:db-1 (environment changed) after container.start:db-1
      [commit] container.remove:db-1-old (environment changed)
      [commit] container.rename:db-1 (environment changed) after container.remove:db-1-old
      container.stop:web-1 (db, which it depends on, is replaced) after container.create:db-1
      container.start:web-1 (db, which it depends on, is replaced) after container.awaitHealthy:db-1, container.stop:web-1
      container.awaitHealthy:web-1 (db, which it depends on, is replaced) after container.start:web-1"
    `)
    // It is the same container afterwards, with the restart policy that it has.
    const stop = planDeploy(after, allOf(before)).plan.operations.find(({ id }) => id === 'container.stop:web-1')
    expect(stop?.input.restartPolicy).toBeNull()
  })
})

describe('a container that is not as it should be', () => {
  const withWeb = (given: Parameters<typeof aContainer>[2]) =>
    planDeploy(stack, allOf(stack, { containers: [aContainer(stack, 'db'), aContainer(stack, 'web', given)] }))

  test('rule 28: one that was stopped is started, and the plan says so', () => {
    expect(printPlan(withWeb({ state: 'exited', exitCode: 143 }).plan)).toMatchInlineSnapshot(`
      "container.start:web-1 (was stopped)
      container.awaitHealthy:web-1 (was stopped) after container.start:web-1"
    `)
  })

  test('rule 29: one that is paused is unpaused', () => {
    expect(printPlan(withWeb({ state: 'paused' }).plan)).toMatchInlineSnapshot(`
      "container.unpause:web-1 (was paused)
      container.awaitHealthy:web-1 (was paused) after container.unpause:web-1"
    `)
  })

  test('one that was made by other hands is replaced', () => {
    expect(withWeb({ labels: {} }).plan.operations[0]?.cause).toBe('was not created by ddalab')
  })

  test('rule 02: one left over from an interrupted run is removed', () => {
    const leftover = aContainer(stack, 'web', { id: hex('leftover'), name: `${hex('old').slice(0, 12)}_shop-web-1` })
    const { plan } = planDeploy(stack, allOf(stack, { containers: [...allOf(stack).containers, leftover] }))
    expect(printPlan(plan)).toMatchInlineSnapshot(`
      "container.stop:web-1-31cc4b41eb11 (left over from an interrupted run)
      [commit] container.remove:web-1-31cc4b41eb11 (left over from an interrupted run) after container.stop:web-1-31cc4b41eb11"
    `)
  })

  test('one that the stack no longer has is stopped, and removed after the verdict', () => {
    const rest = aStack('shop', [database], { volumes: { data: aVolume('shop_data') } })
    const { plan } = planDeploy(rest, allOf(stack))
    expect(plan.operations.map(({ id, phase }) => `${phase} ${id.replace(/-[0-9a-f]{12}$/, '')}`)).toEqual([
      'apply container.stop:web-1',
      'commit container.remove:web-1',
    ])
  })

  test('one of the project that is nobody’s is left alone and mentioned', () => {
    const stranger = aContainer(stack, 'web', { id: hex('x'), name: 'shop-tool-1', service: 'tool', labels: {} })
    const result = planDeploy(stack, allOf(stack, { containers: [...allOf(stack).containers, stranger] }))
    expect(result.plan.operations).toEqual([])
    expect(result.warnings).toEqual([expect.stringContaining('"shop-tool-1"')])
  })
})

describe('what stands in the way is found before anything starts', () => {
  const published = aService('web', { ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }] })
  const shop = aStack('shop', [published])
  const port = { ip: '0.0.0.0', published: 8080, target: 80, protocol: 'tcp' }

  test('rule 01: a container name of another project', () => {
    const foreign = [{ id: hex('f'), name: 'shop-web-1', project: 'other', running: true, mounts: [], ports: [] }]
    const [problem] = planDeploy(stack, nothingOf(stack, { foreign })).problems
    expect(problem).toMatchObject({ code: 'NAME_TAKEN', message: expect.stringContaining('project "other"') })
  })

  test('rule 01: containers of the same project name that were deployed from another directory', () => {
    const labels = { ...aContainer(stack, 'web').labels, [COMPOSE.workingDir]: '/home/other/instances/shop' }
    const theirs = aContainer(stack, 'web', { labels })
    const [problem] = planDeploy(stack, allOf(stack, { containers: [theirs] })).problems
    expect(problem).toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining('/home/other/instances/shop'),
    })
  })

  test('rule 05: a host port that another container holds, by name', () => {
    const foreign = [{ id: hex('f'), name: 'nginx', running: true, mounts: [], ports: [port] }]
    const [problem] = planDeploy(shop, nothingOf(shop, { foreign })).problems
    expect(problem).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining('container "nginx"') })
  })

  test('rule 05: a host port that a process holds, by name', () => {
    const portHolders = [
      { port: { target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' } as const, holder: 'python3 (pid 7)' },
    ]
    const [problem] = planDeploy(shop, nothingOf(shop, { portHolders })).problems
    expect(problem).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining('python3 (pid 7)') })
  })

  test.each([
    ['another protocol', { ...port, protocol: 'udp' }, undefined, []],
    ['another port', { ...port, published: 8081 }, undefined, []],
    ['the wildcard against an address', port, '127.0.0.1', ['PORT_TAKEN']],
    ['an address against the wildcard', { ...port, ip: '127.0.0.1' }, undefined, ['PORT_TAKEN']],
    ['two addresses', { ...port, ip: '127.0.0.2' }, '127.0.0.1', []],
  ])('rule 07: %s', (_, held, hostIp, expected) => {
    const service = aService('web', {
      ports: [
        { target: 80, published: '8080', protocol: 'tcp', mode: 'ingress', ...(hostIp !== undefined && { hostIp }) },
      ],
    })
    const foreign = [{ id: hex('f'), name: 'nginx', running: true, mounts: [], ports: [held] }]
    expect(codes(planDeploy(aStack('shop', [service]), nothingOf(shop, { foreign })))).toEqual(expected)
  })

  test('rule 11: a volume with other options', () => {
    const volumes = [{ name: 'shop_data', driver: 'local', options: { type: 'nfs' }, labels: {} }]
    expect(codes(planDeploy(stack, nothingOf(stack, { volumes })))).toEqual(['VOLUME_CHANGED'])
  })

  test('rule 20: an image of another platform, unless it is asked for', () => {
    const arm = { id: imageId('web:1'), repoDigests: [], os: 'linux', architecture: 'arm64' }
    const observation = nothingOf(shop, { images: { 'web:1': arm } })
    expect(codes(planDeploy(shop, observation))).toEqual(['IMAGE_WRONG_PLATFORM'])
    const emulated = aStack('shop', [{ ...published, platform: 'linux/arm64' }])
    expect(codes(planDeploy(emulated, observation))).toEqual([])
  })

  test('rule 33: a network that would have to be taken away from others', () => {
    const networks = [{ id: hex('n'), name: 'shop_default', driver: 'macvlan', internal: false, labels: {} }]
    const bridged = aStack('shop', [published], {
      networks: { default: aNetwork('shop_default', { driver: 'bridge' }) },
    })
    expect(codes(planDeploy(bridged, nothingOf(bridged, { networks })))).toEqual(['NETWORK_IN_USE'])
  })

  test('rule 39: a bind source that does not exist', () => {
    expect(codes(planDeploy(shop, nothingOf(shop, { missingBindSources: ['/srv/none'] })))).toEqual([
      'BIND_SOURCE_MISSING',
    ])
  })

  test('rule 52: a low port on a rootless engine', () => {
    const low = aStack('shop', [
      aService('web', { ports: [{ target: 80, published: '80', protocol: 'tcp', mode: 'ingress' }] }),
    ])
    const rootless = { ...anEngine, rootless: true, lowestPort: 1024 }
    expect(codes(planDeploy(low, nothingOf(low, { engine: rootless })))).toEqual(['PORT_PRIVILEGED'])
    // Where the engine was not asked what it can do, nobody knows.
    expect(codes(planDeploy(low, nothingOf(low, { engine: undefined })))).toEqual([])
  })

  test('an external network or volume that is missing', () => {
    const external = aStack('shop', [aService('web')], {
      networks: { default: aNetwork('lan', { external: true }) },
      volumes: { data: aVolume('archive', { external: true }) },
    })
    expect(planDeploy(external, nothingOf(external)).problems.map(({ hint }) => hint)).toEqual([
      'Create it with: docker network create lan',
      'Create it with: docker volume create archive',
    ])
  })
})
