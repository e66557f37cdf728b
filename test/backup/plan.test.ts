import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/core/kernel/plan.ts'
import { dataParts, emptyPlan, withDataBackup, withDataRestore } from '../../src/core/providers/docker/data/index.ts'
import { filesOf } from '../../src/core/providers/docker/data/redis.ts'
import { tarContents } from '../../src/core/providers/docker/data/tar.ts'
import { planDeploy } from '../../src/core/providers/docker/index.ts'
import type { DataSource, Stack } from '../../src/core/stack/model.ts'
import { aContainer, allOf, nothingOf } from '../support/observation.ts'
import { aService, aStack, onHealthy, onStarted } from '../support/stack.ts'

const data: readonly DataSource[] = [
  { name: 'database', kind: 'postgres', service: 'db' },
  { name: 'cache', kind: 'redis', service: 'cache' },
  { name: 'files', kind: 'volume', service: 'web', path: '/files' },
  { name: 'live', kind: 'volume', service: 'web', path: '/live', live: true },
]
const stack: Stack = aStack(
  'shop',
  [
    aService('db'),
    aService('cache'),
    aService('web', { dependsOn: { db: onHealthy, cache: onStarted } }),
    aService('worker', { dependsOn: { web: onStarted } }),
    aService('proxy', { dependsOn: { web: onStarted, db: onStarted } }),
  ],
  {
    data,
    ingress: {
      kind: 'traefik',
      service: 'proxy',
      input: { routes: [], tls: { kind: 'off' }, httpPort: 80, httpsPort: 443, entries: [] },
    },
  },
)
const mounts = [
  { type: 'volume', name: 'shop_files', target: '/files' },
  { type: 'volume', name: 'shop_live', target: '/live' },
]
const observation = allOf(stack, {
  containers: [
    ...['db', 'cache', 'proxy'].map((name) => aContainer(stack, name)),
    aContainer(stack, 'web', { mounts }),
    aContainer(stack, 'worker', { mounts: [{ type: 'volume', name: 'shop_files', target: '/elsewhere' }] }),
  ],
})
const request = { id: 'b-2', reason: 'test', release: 'r-0001', version: '1', recipients: [], keep: 5 }
const { parts } = dataParts(stack, observation)

/** In an order in which they could be carried out: `kind subject`. */
function ordered({ operations }: Plan): readonly string[] {
  const left = [...operations]
  const done: string[] = []
  while (left.length > 0) {
    const at = left.findIndex(({ after }) => after.every((id) => !left.some((other) => other.id === id)))
    const [next] = left.splice(at, 1)
    if (at < 0 || next === undefined) throw new Error('the plan has a circle')
    done.push(next.id.replace(/-1-[0-9a-f]{12}-data$/, ''))
  }
  return done
}

describe('a backup in a plan', () => {
  test('comes after the pulls and before everything that stops, starts or replaces', () => {
    const changed = {
      ...stack,
      services: {
        ...stack.services,
        web: aService('web', { image: 'web:2', dependsOn: { db: onHealthy, cache: onStarted } }),
      },
    }
    const { plan } = planDeploy(changed, { ...observation, images: { ...observation.images, 'web:2': null } })
    const operations = ordered(withDataBackup(plan, parts, observation, request))
    const at = operations.indexOf('data.backup:b-2')
    expect(operations.slice(0, at).every((id) => id.startsWith('image.pull'))).toBe(true)
    expect(operations.filter((id) => id.startsWith('image.pull'))).not.toEqual([])
    expect(operations.at(-1)).toBe('data.prune:shop')
  })

  test('pauses what shares the files, and not for those that are declared live; the plan says so', () => {
    const pauses = parts.map(({ name, pause }) => [
      name,
      pause.map((id) => observation.containers.find((one) => one.id === id)?.service).toSorted(),
    ])
    expect(pauses).toEqual([
      ['database', []],
      ['cache', []],
      ['files', ['web', 'worker']],
      ['live', []],
    ])
    const { downtime } = withDataBackup(emptyPlan(stack, observation, 'backup'), parts, observation, request)
    expect(downtime.map(({ service }) => service).toSorted()).toEqual(['web', 'worker'])
  })

  test('before a first deploy there is nothing to back up; a database that stands still is told', () => {
    const none = dataParts(stack, nothingOf(stack))
    expect(none.parts).toEqual([])
    const plan = emptyPlan(stack, observation, 'deploy')
    expect(withDataBackup(plan, none.parts, observation, request)).toBe(plan)
    const stopped = {
      ...observation,
      containers: observation.containers.map((one) =>
        one.service === 'db' ? { ...one, state: 'exited' as const } : one,
      ),
    }
    expect(dataParts(stack, stopped).absent.map(({ name }) => name)).toEqual(['database'])
  })

  test('holds no secrets and is plain data', () => {
    const plan = withDataBackup(emptyPlan(stack, observation, 'backup'), parts, observation, request)
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  })
})

describe('a restore in a plan', () => {
  const restore = (chosen: readonly string[]) =>
    ordered(
      withDataRestore(
        emptyPlan(stack, observation, 'restore'),
        stack,
        parts.filter(({ name }) => chosen.includes(name)),
        observation,
        { ...request, backup: 'b-1' },
      ),
    )

  test('of a database stops what depends on it, and neither the database nor the ingress nor anybody else', () => {
    expect(restore(['database'])).toEqual([
      'data.inspect:b-1',
      'container.stop:web',
      'data.backup:b-2',
      'data.restore:database',
      'container.start:web',
      'container.awaitHealthy:web',
      'data.prune:shop',
    ])
  })

  test('of a cache stops its server after the backup of what is there, and starts it before those who use it', () => {
    expect(restore(['cache'])).toEqual([
      'data.inspect:b-1',
      'container.stop:web',
      'data.backup:b-2',
      'container.stop:cache',
      'data.restore:cache',
      'container.start:cache',
      'container.awaitHealthy:cache',
      'container.start:web',
      'container.awaitHealthy:web',
      'data.prune:shop',
    ])
  })

  test('of files stops everything that has them', () => {
    const operations = restore(['files'])
    expect(operations.filter((id) => id.startsWith('container.stop')).toSorted()).toEqual([
      'container.stop:web',
      'container.stop:worker',
    ])
    expect(operations.indexOf('data.restore:files')).toBeGreaterThan(operations.indexOf('container.stop:worker'))
  })

  test('with a deploy: everything of the deploy comes afterwards, and what it replaces is not started again', () => {
    const changed = {
      ...stack,
      services: {
        ...stack.services,
        web: aService('web', { image: 'web:2', dependsOn: { db: onHealthy, cache: onStarted } }),
      },
    }
    const { plan } = planDeploy(changed, {
      ...observation,
      images: { ...observation.images, 'web:2': observation.images['web:1'] ?? null },
    })
    const operations = ordered(withDataRestore(plan, stack, parts, observation, { ...request, backup: 'b-1' }))
    const restored = operations.findLastIndex((id) => id.startsWith('data.restore'))
    const own = plan.operations.filter(({ phase }) => phase === 'apply').map(({ id }) => id)
    expect(own.every((id) => operations.indexOf(id) > restored)).toBe(true)
    const web = plan.operations.some(
      ({ kind, input }) => kind === 'container.stop' && input.id === aContainer(stack, 'web').id,
    )
    expect(operations.includes('container.start:web')).toBe(!web)
  })
})

describe('a dump of Redis', () => {
  const facts = { dbfilename: 'dump.rdb', appendfilename: 'a.aof', appenddirname: 'aofs' }
  test('goes where a Redis of that version and setting looks at its start', () => {
    expect(filesOf({ ...facts, appendonly: 'no', version: '7.2.4' })).toEqual({ base: 'dump.rdb' })
    expect(filesOf({ ...facts, appendonly: 'yes', version: '6.2.14' })).toEqual({ base: 'a.aof' })
    expect(filesOf({ ...facts, appendonly: 'yes', version: '7.0.0' })).toEqual({
      folder: 'aofs',
      base: 'aofs/a.aof.1.base.rdb',
      manifest: { name: 'aofs/a.aof.manifest', content: 'file a.aof.1.base.rdb seq 1 type b\n' },
    })
  })
})

describe('a tar of files', () => {
  const tar = async (): Promise<Buffer> => {
    const packed = pack()
    packed.entry({ name: './results/', type: 'directory' })
    packed.entry({ name: './results/one' }, 'x'.repeat(3_000))
    packed.entry({ name: './two' }, 'y')
    packed.finalize()
    return buffer(Readable.from(packed))
  }

  test('is counted', async () => {
    expect(await tarContents(Readable.from([await tar()]), 'results')).toEqual({ files: 2, bytes: 3_001, inBucket: 1 })
  })

  test('that breaks off anywhere is not taken for whole', async () => {
    const whole = await tar()
    for (let length = 0; length < whole.length; length += 256) {
      await expect(tarContents(Readable.from([whole.subarray(0, length)]), '')).rejects.toMatchObject({
        code: 'OPERATION_FAILED',
      })
    }
  })
})
