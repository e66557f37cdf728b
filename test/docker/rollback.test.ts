import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { history } from '../../src/core/actions/config/backups.ts'
import { lifecycle } from '../../src/core/actions/lifecycle.ts'
import { rollback } from '../../src/core/actions/rollback/rollback.ts'
import { status } from '../../src/core/actions/status.ts'
import { releaseStore } from '../../src/core/release/index.ts'
import { lab } from '../lab/lab.ts'
import { rejection } from '../support/errors.ts'
import { RollbackLab } from './rollback-lab.ts'

/** Nobody listens there: whatever is pulled from it fails. */
const NOWHERE = '127.0.0.1:9'

describe.skipIf(!lab.available).each(lab.newest)('rollback on Engine $version', ({ host }) => {
  let on: RollbackLab

  beforeEach(async () => {
    on = await RollbackLab.on(host)
  })
  afterEach(() => on.remove())

  /** Three releases: an image, a title and a config of its own each. No registry has the images. */
  const threeReleases = async () => {
    const repository = `${NOWHERE}/${on.name}`
    const images = [
      await on.build(`${repository}:1`),
      await on.build(`${repository}:2`),
      await on.build(`${repository}:3`),
    ]
    await on.init(`${repository}:1`, 'one')
    const texts = [await on.text()]
    await on.deploy()
    for (const [tag, title] of [
      ['2', 'two'],
      ['3', 'three'],
    ] as const) {
      await on.deploy(`${repository}:${tag}`, title)
      texts.push(await on.text())
    }
    return { repository, images, texts }
  }

  test('to each of the former releases, and back again: images, stack and config, with no registry', async () => {
    const { images, texts } = await threeReleases()
    expect(await on.states()).toEqual(['r-0001 point', 'r-0002 point', 'r-0003 current'])

    const expectState = async (index: number, title: string) => {
      expect(await on.runs()).toMatchObject({ state: 'running', image: images[index], title })
      expect(await on.text()).toBe(texts[index])
      expect(await on.left()).toEqual([])
      const listed = await on.compose('ps', '--format', '{{.Service}} {{.Name}} {{.State}}')
      expect(listed).toBe(`web ${on.name}-web-1 running`)
    }

    const report = await on.rollback()
    expect(report).toMatchObject({ outcome: 'changed', rollback: { from: { id: 'r-0003' }, to: { id: 'r-0002' } } })
    await expectState(1, 'two')
    await on.rollback('r-0001')
    await expectState(0, 'one')
    // A rollback of rollbacks; by its version, too.
    await on.rollback('3')
    await expectState(2, 'three')

    const records = await releaseStore(on.paths.releases).list()
    expect(records.map(({ id, action, of }) => `${id} ${action} ${of ?? ''}`.trim())).toEqual([
      'r-0001 deploy',
      'r-0002 deploy',
      'r-0003 deploy',
      'r-0004 rollback r-0002',
      'r-0005 rollback r-0001',
      'r-0006 rollback r-0003',
    ])
    // Three states, and each is kept once.
    expect(await on.states()).toEqual([
      'r-0001 pruned',
      'r-0002 pruned',
      'r-0003 pruned',
      'r-0004 point',
      'r-0005 point',
      'r-0006 current',
    ])
    expect((await status(on.world, on.target)).status.rollbackPoints).toEqual(['r-0004', 'r-0005'])
    expect(await on.rollback('r-0006')).toMatchObject({ outcome: 'unchanged' })
  })

  test('an edit of the config since is in the history first, and can be restored', async () => {
    const { texts } = await threeReleases()
    await writeFile(on.file, `${texts[2]}# a remark\n`)
    const { rollback } = await on.rollback()
    expect(rollback.config?.changes.map(({ path }) => path)).toEqual(['docker.image', 'parameters.TITLE'])
    expect(await on.text()).toBe(texts[1])
    const { entries } = await history(on.world, on.target)
    expect(entries.slice(-2).map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      'outside: null',
      'restore: rollback to r-0002 (2)',
    ])
  })

  test('works while the config cannot be read, or is gone', async () => {
    const { texts } = await threeReleases()
    await writeFile(on.file, 'version: [\n')
    await on.rollback()
    expect(await on.text()).toBe(texts[1])
    await rm(on.file)
    await on.rollback('r-0001')
    expect(await on.text()).toBe(texts[0])
    expect(await on.runs()).toMatchObject({ title: 'one' })
  })

  test('rule 16: a tag that was moved since names the image of the release again', async () => {
    const image = `${on.name}:latest`
    const first = await on.build(image)
    await on.init(image, 'one')
    await on.deploy()
    const second = await on.build(image)
    await on.deploy()
    expect(await on.runs()).toMatchObject({ image: second })
    await on.rollback()
    expect(await on.runs()).toMatchObject({ image: first })
    expect(await on.idOf(image)).toBe(first)
    expect(await on.left()).toEqual([])
    await on.rollback()
    expect(await on.runs()).toMatchObject({ image: second })
    expect(await on.idOf(image)).toBe(second)
  })

  test('one that fails is undone: containers, tags and config are as before, and it is no release', async () => {
    const image = `${on.name}:latest`
    const first = await on.build(image)
    await on.init(image, 'one')
    await on.deploy()
    const second = await on.build(image)
    await on.deploy(image, 'two')
    const [before, text] = [await on.runs(), await on.text()]
    await on.docker('exec', `${on.name}-web-1`, 'sh', '-c', 'echo one >/data/poison')

    const error = await rejection(on.rollback())
    expect(error).toMatchObject({ code: 'CONTAINER_EXITED', exit: 5 })
    expect(await on.runs()).toEqual(before)
    expect(await on.idOf(image)).toBe(second)
    expect(await on.text()).toBe(text)
    expect(await on.states()).toEqual(['r-0001 point', 'r-0002 current'])
    expect(await on.exists(first)).toBe(true)
  })

  test('rule 17: an image that is gone is told before anything is done', async () => {
    const { repository, images } = await threeReleases()
    const before = [await on.runs(), await on.text(), await on.states()]
    await on.docker('rm', `ddalab-keeps-${on.name}-${images[1]?.slice(7, 19)}`)
    await on.docker('rmi', '--force', images[1] ?? '')
    const error = await rejection(on.rollback())
    expect(error).toMatchObject({ code: 'ROLLBACK_IMAGE_MISSING', exit: 4 })
    expect(error.message).toBe(`The image ${repository}:2 of service "web" in r-0002 is no longer on this engine.`)
    expect(error.options.hint).toContain('No registry ever had it')
    expect([await on.runs(), await on.text(), await on.states()]).toEqual(before)
    // The others are as good as ever.
    await on.rollback('r-0001')
    expect(await on.runs()).toMatchObject({ title: 'one' })
  })

  test('rule 18: images that were built here are kept as long as a point needs them, and never removed', async () => {
    const { images, repository } = await threeReleases()
    const { containers, tags } = await on.kept()
    expect(containers).toHaveLength(2)
    expect(tags).toHaveLength(2)
    await on.set('updates', { keep: 1 })
    await on.build(`${repository}:4`)
    await on.deploy(`${repository}:4`, 'four')
    expect(await on.states()).toEqual(['r-0001 pruned', 'r-0002 pruned', 'r-0003 point', 'r-0004 current'])
    expect((await on.kept()).containers).toHaveLength(1)
    expect((await on.kept()).tags).toEqual([`${repository}:ddalab-keeps-${on.name}-${images[2]?.slice(7, 19)}`])
    for (const image of images) expect(await on.exists(image)).toBe(true)
    expect((await rejection(on.rollback('r-0001'))).code).toBe('ROLLBACK_POINT_NOT_FOUND')
  })

  test('a deploy that only starts what was stopped makes no new point', async () => {
    await threeReleases()
    await lifecycle(on.world, on.target, 'stop', [], {})
    await on.deploy()
    expect(await on.states()).toEqual(['r-0001 point', 'r-0002 point', 'r-0003 pruned', 'r-0004 current'])
    await on.rollback()
    expect(await on.runs()).toMatchObject({ title: 'two' })
  })

  describe('a stack that this program cannot read', () => {
    const spoil = (id: string) => writeFile(join(on.paths.releases, `${id}.stack.json`), '{"format":99}')

    test('is compiled anew from the config of its release', async () => {
      const { texts, images } = await threeReleases()
      await spoil('r-0002')
      await on.rollback()
      expect(await on.runs()).toMatchObject({ image: images[1], title: 'two' })
      expect(await on.text()).toBe(texts[1])
    })

    test('and whose config is gone too is an error of its own', async () => {
      await threeReleases()
      const before = await on.runs()
      await spoil('r-0002')
      await rm(on.paths.configBackups, { recursive: true })
      const error = await rejection(on.rollback())
      expect(error).toMatchObject({ code: 'RELEASE_DAMAGED', exit: 4 })
      expect(await on.runs()).toEqual(before)
    })
  })

  test('without the config of that time the containers go back, and that the config stays is told', async () => {
    const { texts } = await threeReleases()
    await rm(on.paths.configBackups, { recursive: true })
    const report = await on.rollback()
    expect(report.warnings.join()).toContain('The config of r-0002 is no longer kept')
    expect(await on.runs()).toMatchObject({ title: 'two' })
    expect(await on.text()).toBe(texts[2])
  })

  test('rule 12: an irreversible release is not gone back behind', async () => {
    await threeReleases()
    const store = releaseStore(on.paths.releases)
    const [, second] = await store.list()
    if (second === undefined) throw new Error('no release')
    await store.write({ ...second, irreversible: true })
    const before = await on.runs()
    const error = await rejection(on.rollback('r-0001'))
    expect(error).toMatchObject({ code: 'ROLLBACK_REFUSED', exit: 4 })
    expect(await on.runs()).toEqual(before)
    await on.rollback('r-0002')
  })

  test('a dry run tells what it would mean, and does nothing', async () => {
    const { texts } = await threeReleases()
    const before = await on.runs()
    const report = await rollback(on.world, on.target, undefined, { dryRun: true })
    expect(report).toMatchObject({ outcome: 'planned', plan: { action: 'rollback', downtime: [{ service: 'web' }] } })
    expect(report.rollback.images).toMatchObject([{ service: 'web', from: { reference: `${NOWHERE}/${on.name}:3` } }])
    expect(report.plan.operations.some(({ kind }) => kind === 'image.pull')).toBe(false)
    expect([await on.runs(), await on.text()]).toEqual([before, texts[2]])
  })

  test('destroy --volumes lets go of the images, too', async () => {
    await threeReleases()
    const { destroy } = await import('../../src/core/actions/destroy.ts')
    await destroy(on.world, on.target, { volumes: false })
    expect((await on.kept()).containers).toHaveLength(2)
    await destroy(on.world, on.target, { volumes: true })
    expect((await on.kept()).containers).toEqual([])
    expect(await on.states()).toEqual(['r-0001 pruned', 'r-0002 pruned', 'r-0003 current'])
  })
})
