import { randomUUID } from 'node:crypto'
import { statSync, truncateSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ddalab } from '../cli/run-cli.ts'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { fill, isRoot, newDisk } from '../state/places.ts'
import { Instance } from './support/instance.ts'
import { docker, page, serves } from './support/project.ts'

const [engine] = lab.engines.slice(-1)

describe.skipIf(engine === undefined || !isRoot).each(lab.engines)(
  'rule 44: the disk of Engine $version is full',
  ({ name, host }) => {
    let small: ThrowAwayEngine
    let instance: Instance

    beforeAll(async () => {
      small = await throwAwayEngine(`faults-disk-${randomUUID().slice(0, 8)}`, {
        disk: '64m',
        tools: name === 'old' ? 'old' : 'new',
      })
      await small.load(name, labImages.busybox)
      instance = await Instance.on(small.host)
      await instance.succeed('deploy')
    })
    afterAll(async () => {
      await instance?.forget()
      await small?.remove()
    })

    const keeps = async (command: string) => {
      const before = await instance.snapshot()
      const answer = await instance.answer(command)
      expect(answer).toMatchObject({
        code: 5,
        error: { code: 'DISK_FULL', exit: 5, hint: expect.stringMatching(/[Ff]ree/) },
      })
      expect(await instance.snapshot()).toEqual(before)
      expect(await page(instance.port)).toBe('version 1\n')
      await instance.expectTidy()
    }

    test('by an image that is larger than it: what runs is untouched', async () => {
      const big = await pushBig(host, instance.name)
      await instance.set('images.web', big)
      await keeps('deploy')
    })

    test('by something else: the old version serves on, and there is space again for the next deploy', async () => {
      const data = join(dirname(new URL(small.host).pathname), 'data')
      const makeSpace = fill(data)
      await instance.set('parameters.VERSION', '2')
      await keeps('deploy')
      makeSpace()
      await instance.set('parameters.VERSION', '2')
      await instance.succeed('deploy')
      expect(await page(instance.port)).toBe('version 2\n')
    })
  },
)

/** Zeros: small on the way, 100 MB where they are unpacked. */
async function pushBig(host: string, name: string): Promise<string> {
  const image = `${lab.registry.address}/${name}:1`
  await docker(host, 'run', '--name', name, labImages.busybox, 'dd', 'if=/dev/zero', 'of=/big', 'bs=1M', 'count=100')
  await docker(host, 'commit', name, image)
  await docker(host, 'rm', name)
  await docker(host, 'push', '-q', image)
  await docker(host, 'rmi', image)
  return image
}

const PAGE = 4096

describe.skipIf(engine === undefined || !isRoot)('rule 44: the disk of the instance is full', () => {
  const host = engine?.host ?? ''

  test('init: exit code 4, and no half a config', async () => {
    const home = newDisk(256)
    const makeSpace = fill(home)
    const init = () => ddalab(['init', '--template', 'demo'], { env: { DDALAB_HOME: home } })
    expect(await init()).toMatchObject({ code: 4, stderr: expect.stringContaining('no space left') })
    makeSpace()
    expect(await init()).toMatchObject({ code: 0 })
    const files = await readdir(join(home, 'instances', 'ddalab'))
    expect(files.toSorted()).toEqual([
      'config-backups',
      'deployment-config.schema.json',
      'deployment-config.yml',
      'lease',
    ])
  })

  test('a deploy that finds so many free pages, from none on, changes everything or nothing; the next one recovers', async () => {
    const home = newDisk(512)
    const instance = await Instance.on(host, { home })
    const outcomes: number[] = []
    try {
      await instance.succeed('deploy')
      for (let free = 0, version = 1; outcomes.at(-1) !== 0; free += 1) {
        const before = await instance.snapshot()
        await instance.set('parameters.VERSION', String(version + 1))
        const makeSpace = fill(home)
        const filler = join(home, 'filler')
        truncateSync(filler, statSync(filler).size - free * PAGE)

        const { code, error } = await instance.answer('deploy')
        const inEffect = code === 0 || error.message.startsWith('the change is in effect')
        outcomes.push(code)
        if (inEffect) version += 1
        if (code !== 0) {
          expect({ code, error, free }).toMatchObject({ code: inEffect ? 4 : code, error: { code: 'DISK_FULL' } })
          expect(error.message).toContain(home)
        }
        if (!inEffect) expect(await instance.snapshot()).toEqual(before)
        await serves(instance.port, `version ${version}\n`)

        makeSpace()
        await instance.set('parameters.VERSION', String(version))
        await instance.succeed('deploy')
        await serves(instance.port, `version ${version}\n`)
        await instance.expectTidy()
      }
      // Before it begins, and on the way.
      expect(new Set(outcomes)).toEqual(new Set([4, 5, 0]))
    } finally {
      await instance.project.remove()
    }
  })
})
