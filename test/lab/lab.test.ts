import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { lab, labImages, readLab } from './lab.ts'

/** Runs the newest `docker` on an engine, with a configuration directory of its own. */
async function docker(host: string, ...words: readonly string[]): Promise<string> {
  const DOCKER_CONFIG = await mkdtemp(join(tmpdir(), 'ddalab-lab-'))
  const { stdout } = await promisify(execFile)(lab.docker, words, {
    env: { ...process.env, DOCKER_HOST: host, DOCKER_CONFIG },
  })
  return stdout.trim()
}

test('without an environment the lab is not available, and says why', () => {
  expect(readLab({})).toMatchObject({ available: false, engines: [], reason: expect.stringContaining('lab.sh up') })
})

describe.skipIf(!lab.available).each(lab.engines)('the lab on Engine $version', (engine) => {
  test('has every image', async () => {
    const built = await docker(engine.host, 'image', 'ls', '--format', '{{ .Repository }}:{{ .Tag }}')
    expect(built.split('\n')).toEqual(expect.arrayContaining(Object.values(labImages)))
  })

  test('publishes ports on this host', async () => {
    const page = 'echo hello >/var/www/index.html; exec httpd -f -p 80 -h /var/www'
    const id = await docker(
      engine.host,
      'run',
      '-d',
      '--rm',
      '-p',
      '127.0.0.1::80',
      labImages.busybox,
      'sh',
      '-c',
      page,
    )
    try {
      const address = await docker(engine.host, 'port', id, '80/tcp')
      const answer = () => fetch(`http://${address}/`).then((response) => response.text())
      await expect.poll(() => answer().catch(() => '')).toBe('hello\n')
    } finally {
      await docker(engine.host, 'rm', '-f', id)
    }
  })

  test('pulls from the open registry, and not from the private one without a password', async () => {
    const open = `${lab.registry.address}/ddalab/busybox:latest`
    await docker(engine.host, 'pull', '-q', open)
    await docker(engine.host, 'image', 'rm', open)
    const refused = docker(engine.host, 'pull', '-q', `${lab.privateRegistry.address}/ddalab/busybox:latest`)
    await expect(refused).rejects.toThrow(/no basic auth credentials/)
  })

  test('finds nothing for its platform in an index for another one', async () => {
    const foreign = docker(engine.host, 'pull', '-q', `${lab.registry.address}/ddalab/app:wrong-platform`)
    await expect(foreign).rejects.toThrow(/no matching manifest/)
  })
})
