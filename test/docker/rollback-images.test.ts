import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lifecycle } from '../../src/core/actions/lifecycle.ts'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { isRoot } from '../state/places.ts'
import { rejection } from '../support/errors.ts'
import { RollbackLab } from './rollback-lab.ts'

// On an engine of their own: they prune everything.
describe.skipIf(!lab.available || !isRoot).each(lab.engines)(
  'rule 17: images of rollback points on Engine $version',
  ({ name }) => {
    let engine: ThrowAwayEngine
    let on: RollbackLab
    /** By release, from the first on. */
    const images: string[] = []

    /** A new image, in the registry as well. Answers `repository@sha256:...`. */
    const publish = async (tag: string) => {
      const reference = `${lab.registry.address}/${on.name}:${tag}`
      images.push(await on.build(reference))
      await on.docker('push', '-q', reference)
      return on.docker('image', 'inspect', '--format', '{{index .RepoDigests 0}}', reference)
    }

    beforeAll(async () => {
      const tools = name === 'old' ? 'old' : 'new'
      engine = await throwAwayEngine(`rollback-${randomUUID().slice(0, 8)}`, { tools })
      await engine.load(name, labImages.busybox)
      on = await RollbackLab.on(engine.host)
      const repository = `${lab.registry.address}/${on.name}`
      await publish('1')
      const second = await publish('2')
      await publish('3')
      await on.init(`${repository}:1`, 'one')
      await on.deploy()
      // As an update installs it: the tag, and what was verified.
      const pinned = `${repository}:2@${second.split('@')[1]}`
      await on.docker('rmi', `${repository}:2`)
      await on.docker('pull', '-q', pinned)
      await on.deploy(pinned, 'two')
      await on.deploy(`${repository}:3`, 'three')
    })
    afterAll(async () => {
      await on?.remove()
      await engine?.remove()
    })

    test('outlive docker image prune --all, also while the instance is stopped', async () => {
      await lifecycle(on.world, on.target, 'stop', [], {})
      await on.docker('image', 'prune', '--all', '--force')
      for (const image of images) expect(await on.exists(image)).toBe(true)
      // It took the base of the images that follow.
      await engine.load(name, labImages.busybox)
      for (const [release, index] of [
        ['r-0002', 1],
        ['r-0001', 0],
        ['r-0003', 2],
      ] as const) {
        const { plan } = await on.rollback(release)
        expect(plan.operations.some(({ kind }) => kind === 'image.pull')).toBe(false)
        expect(await on.runs()).toMatchObject({ image: images[index] })
        expect(await on.left()).toEqual([])
      }
    })

    test('that somebody removed: whether it can be pulled is told, and then it works', async () => {
      const [holder] = (await on.kept()).containers
      const second = images[1] ?? ''
      expect(holder).toBeDefined()
      await on.docker('rm', `ddalab-keeps-${on.name}-${second.slice(7, 19)}`)
      await on.docker('rmi', '--force', second)
      const before = await on.runs()
      const error = await rejection(on.rollback('2'))
      expect(error).toMatchObject({ code: 'ROLLBACK_IMAGE_MISSING', exit: 4 })
      expect(error.options.hint).toMatch(/^Its registry still has it: docker pull \S+@sha256:\w+$/)
      expect(await on.runs()).toEqual(before)
      await on.docker('pull', '-q', error.options.hint?.split(' ').at(-1) ?? '')
      await on.rollback('2')
      expect(await on.runs()).toMatchObject({ image: second })
    })

    test('go with their release, unless somebody else has a name for them or a container of them', async () => {
      const [first = '', , third = ''] = images
      await on.docker('tag', first, 'mine:1')
      await on.docker('create', '--name', 'mine', third, 'true')
      await on.set('updates', { keep: 1 })
      await publish('4')
      await on.deploy(`${lab.registry.address}/${on.name}:4`, 'four')
      await publish('5')
      await on.deploy(`${lab.registry.address}/${on.name}:5`, 'five')

      const [, second = '', , fourth = '', fifth = ''] = images
      expect((await on.states()).slice(-3).map((state) => state.split(' ')[1])).toEqual(['pruned', 'point', 'current'])
      expect(await on.exists(first)).toBe(true)
      expect(await on.exists(second)).toBe(false)
      expect(await on.exists(third)).toBe(true)
      expect(await on.exists(fourth)).toBe(true)
      expect(await on.exists(fifth)).toBe(true)
      expect((await on.kept()).containers).toHaveLength(1)
      const tags = await on.docker('image', 'inspect', '--format', '{{.RepoTags}}', first)
      expect(tags).toContain('mine:1')
      expect(tags).not.toContain('ddalab-keeps')
    })

    test('of an image with volumes: what keeps it makes none, and is no container of a project', async () => {
      const repository = `${lab.registry.address}/${on.name}`
      const scratch = `scratch-${randomUUID()}`
      await on.docker('create', '--name', scratch, labImages.busybox)
      const labels = `LABEL com.docker.compose.project=${on.name} com.docker.compose.service=web com.docker.compose.config-hash=1`
      await on.docker('commit', '--change', 'VOLUME /cache', '--change', labels, scratch, `${repository}:volumes`)
      await on.docker('rm', scratch)
      await on.deploy(`${repository}:volumes`, 'six')
      const volumes = async () => (await on.docker('volume', 'ls', '--quiet')).split('\n').length
      const before = await volumes()
      await on.deploy(`${repository}:5`, 'seven')
      expect((await on.kept()).containers).toHaveLength(1)
      expect(await volumes()).toBe(before)
      expect(await on.compose('ps', '--all', '--format', '{{.Name}}')).toBe(`${on.name}-web-1`)
      expect(await on.left()).toEqual([])
    })
  },
)
