import { describe, expect, test } from 'vitest'
import type { ObservedImage } from '../../../src/core/providers/docker/observation.ts'
import { planRollback } from '../../../src/core/providers/docker/plan/rollback-plan.ts'
import { aContainer, allOf, imageId, printPlan } from '../../support/observation.ts'
import { aService, aStack, onHealthy } from '../../support/stack.ts'

const image = (id: string, digests: readonly string[] = []): ObservedImage => ({
  id,
  repoDigests: digests,
  os: 'linux',
  architecture: 'amd64',
})
const OLD = imageId('old')

/** The release ran `web` of app:1 and `db` of db:1. */
const stack = (web = 'app:1') =>
  aStack('lab', [aService('db', { image: 'db:1' }), aService('web', { image: web, dependsOn: { db: onHealthy } })])
/** Now `web` is of app:2. */
const now = () => allOf(stack('app:2'), { images: { 'app:1': null, 'db:1': image(imageId('db:1')) } })
const ids = { web: OLD, db: imageId('db:1') }
const held = { [OLD]: image(OLD), [imageId('db:1')]: image(imageId('db:1')) }

describe('planRollback', () => {
  test('brings back the images of the release by their ids; a tag that is gone comes back before anything is made of it', () => {
    const { plan, problems, missing } = planRollback(stack(), now(), { ids, held })
    expect({ problems, missing }).toEqual({ problems: [], missing: [] })
    const lines = printPlan(plan).split('\n')
    expect(lines[0]).toBe('image.tag:app:1 (the tag is gone)')
    expect(lines.find((line) => line.startsWith('container.create:web-1'))).toContain('image.tag:app:1')
    expect(plan.operations.some(({ kind }) => kind === 'image.pull')).toBe(false)
    expect(plan.operations.some(({ resource }) => resource.includes('db'))).toBe(false)
    expect(plan).toMatchObject({ action: 'rollback', downtime: [{ service: 'web' }] })
  })

  test('rule 16: a tag that was moved to another image since is moved back', () => {
    const moved = allOf(stack(), { images: { 'app:1': image(imageId('new')), 'db:1': image(imageId('db:1')) } })
    const running = {
      ...moved,
      containers: [aContainer(stack(), 'db'), { ...aContainer(stack(), 'web'), imageId: imageId('new') }],
    }
    const { plan } = planRollback(stack(), running, { ids, held })
    expect(plan.operations.find(({ kind }) => kind === 'image.tag')).toMatchObject({
      cause: 'the tag names another image now',
      input: { reference: 'app:1', image: OLD, former: imageId('new') },
    })
    expect(printPlan(plan)).toContain('container.create:web-1 (image digest changed)')
  })

  test('what was healthy before is not watched for a while: service first', () => {
    const { plan } = planRollback(stack(), now(), { ids, held })
    const watched = plan.operations.map(({ input }) => input.watch).filter((watch) => watch !== undefined)
    expect(new Set(watched)).toEqual(new Set([0]))
  })

  test('rule 17: an image that is gone is told, with the service that needs it', () => {
    const { missing } = planRollback(stack(), now(), { ids, held: { ...held, [OLD]: null } })
    expect(missing).toEqual([{ service: 'web', reference: 'app:1' }])
  })

  test('an image by digest is there when the engine knows the digest, and no tag is needed', () => {
    const pinned = `app@sha256:${'0'.repeat(64)}`
    const there = allOf(stack('app:2'), { images: { [pinned]: image(OLD), 'db:1': image(imageId('db:1')) } })
    const known = planRollback(stack(pinned), there, { ids, held })
    expect(known.missing).toEqual([])
    expect(known.plan.operations.some(({ kind }) => kind === 'image.tag')).toBe(false)
    const gone = planRollback(stack(pinned), { ...there, images: { ...there.images, [pinned]: null } }, { ids, held })
    expect(gone.missing).toEqual([{ service: 'web', reference: pinned }])
  })

  test('where everything is as it was then there is nothing to do', () => {
    const same = allOf(stack(), { images: { 'app:1': image(OLD), 'db:1': image(imageId('db:1')) } })
    const containers = [aContainer(stack(), 'db'), { ...aContainer(stack(), 'web'), imageId: OLD }]
    expect(planRollback(stack(), { ...same, containers }, { ids, held }).plan.operations).toEqual([])
  })
})
