import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { type Fault, faultyRegistry } from './support/faulty-registry.ts'
import { Instance } from './support/instance.ts'
import { docker, page } from './support/project.ts'

const { registry, privateRegistry } = lab

describe.skipIf(!lab.available).each(lab.engines)(
  'rule 14: an image that cannot be had, on Engine $version',
  ({ host }) => {
    let dockerConfig: string
    let instance: Instance

    beforeAll(async () => {
      dockerConfig = await mkdtemp(join(tmpdir(), 'ddalab-login-'))
      instance = await Instance.on(host, { env: { DOCKER_CONFIG: dockerConfig } })
      await instance.succeed('deploy')
    })
    afterAll(async () => {
      await instance.remove()
      await rm(dockerConfig, { recursive: true })
    })

    /** Deploys this image over the running stack, which has to go on as it was; gives what the program said. */
    const refused = async (image: string) => {
      const before = await instance.snapshot()
      await instance.set('images.web', image)
      const answer = await instance.answer('deploy')
      expect(await instance.snapshot()).toEqual(before)
      expect(await page(instance.port)).toBe('version 1\n')
      await instance.expectTidy()
      return answer
    }

    test.each([
      ['is not in its registry', () => `${registry.address}/ddalab/busybox:no-such`, 'IMAGE_NOT_FOUND', 5],
      ['is of a name that its registry does not know', () => `${registry.address}/no/such:1`, 'IMAGE_NOT_FOUND', 5],
      [
        'is for another platform in its registry',
        () => `${registry.address}/ddalab/app:wrong-platform`,
        'IMAGE_WRONG_PLATFORM',
        5,
      ],
      ['is for another platform on the engine', () => labImages.appWrongPlatform, 'IMAGE_WRONG_PLATFORM', 4],
    ])('one that %s', async (_, reference, code, exit) => {
      const answer = await refused(reference())
      expect(answer).toMatchObject({ code: exit, ok: false, error: { code, exit, hint: expect.any(String) } })
      expect(answer.error.message).toContain(reference().replace(/:[^/]*$/, ''))
    })

    test.each<readonly [string, (path: string) => Fault, string]>([
      ['breaks every connection', () => 'drop', 'REGISTRY_UNREACHABLE'],
      ['refuses', () => 403, 'REGISTRY_DENIED'],
      [
        'fails in mid-pull: a layer is not what it should be',
        (path) => (path.includes('/blobs/') ? 'corrupt' : undefined),
        'PULL_FAILED',
      ],
    ])('a registry that %s', async (_, faultOf, code) => {
      const faulty = await faultyRegistry(faultOf)
      try {
        const repository = await pushNewLayer(host, instance.name)
        const answer = await refused(`${faulty.address}/${repository}`)
        expect(answer).toMatchObject({ code: 5, error: { code, exit: 5, hint: expect.any(String) } })
      } finally {
        await faulty.close()
      }
    })

    test('rule 21: a registry that asks for a password, without it, with a wrong one, with the right one', async () => {
      const { address, credentials } = privateRegistry
      if (credentials === null) throw new Error('the private registry has no credentials')
      const { user, password } = credentials
      const logIn = async (word: string) => {
        const auth = Buffer.from(`${user}:${word}`).toString('base64')
        await writeFile(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
      }
      const reference = `${address}/${instance.name}:1`
      const wrong = 'wrong-swordfish-1'
      const said: string[] = []
      const denied = async () => {
        const answer = await refused(reference)
        expect(answer).toMatchObject({ code: 5, error: { code: 'REGISTRY_DENIED' } })
        expect(answer.error.hint).toContain('docker login')
        said.push(JSON.stringify(answer))
      }

      await logIn(password)
      await docker(host, 'tag', labImages.busybox, reference)
      await docker(host, '--config', dockerConfig, 'push', '-q', reference)
      await docker(host, 'rmi', reference)
      await rm(join(dockerConfig, 'config.json'))
      await denied()
      await logIn(wrong)
      await denied()
      await logIn(password)
      await instance.set('images.web', reference)
      said.push((await instance.succeed('deploy', '--events')).stdout)
      expect(await page(instance.port)).toBe('version 1\n')

      for (const file of await instance.files()) said.push(await readFile(join(instance.directory, file), 'utf8'))
      const encoded = [wrong, password].map((word) => Buffer.from(`${user}:${word}`).toString('base64'))
      for (const secret of [wrong, password, ...encoded])
        expect(said.filter((text) => text.includes(secret))).toEqual([])
      await instance.project.remove()
      await docker(host, 'rmi', reference)
    })
  },
)

/** Puts an image into the registry with a layer that no engine has; gives its name there. */
async function pushNewLayer(host: string, name: string): Promise<string> {
  const local = `${registry.address}/${name}:1`
  await docker(host, 'run', '--name', name, labImages.busybox, 'dd', 'if=/dev/urandom', 'of=/file', 'bs=1M', 'count=2')
  await docker(host, 'commit', name, local)
  await docker(host, 'rm', name)
  await docker(host, 'push', '-q', local)
  await docker(host, 'rmi', local)
  return `${name}:1`
}
