import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Instance } from '../faults/support/instance.ts'
import { serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { publish } from './publish.ts'
import { frontedTemplate } from './template.ts'
import { users } from './users.ts'

/** The same page, whose version and mood are those of its image. */
const template = Object.fromEntries(
  Object.entries(frontedTemplate).map(([path, text]) => [
    path,
    text.replaceAll('environment: { VERSION: "${VERSION}", MOOD: "${MOOD}" }', ''),
  ]),
)

describe.skipIf(!lab.available).each(lab.newest)('ddalab update on Engine $version', ({ host }) => {
  let instance: Instance
  let repository: string

  beforeAll(async () => {
    repository = `updates-${Math.random().toString(36).slice(2, 8)}`
    await publish(host, repository, '1.0.0')
    const settings = ['ingress.type=caddy', `images.caddy=${labImages.caddy}`, 'ssl.enabled=false']
    const image = `docker.image=${lab.registry.address}/${repository}:1.0.0`
    instance = await Instance.on(host, { template: 'fronted', files: template, settings: [...settings, image] })
    await instance.succeed('deploy')
    await serves(instance.port, 'version 1.0.0\n')
  })
  afterAll(() => instance?.remove())

  test('there is none yet', async () => {
    expect(await instance.answer('update')).toMatchObject({ code: 0, data: { change: null, check: { offer: null } } })
  })

  test('a new version is installed by its digest, and nobody notices; the config names it', async () => {
    await publish(host, repository, '1.1.0')
    const present = await users(`http://127.0.0.1:${instance.port}/`)
    const running = instance.start('update', '--events')
    await running.stdoutHas('"type":"run.started"')
    expect(await instance.answer('update')).toMatchObject({ code: 7, error: { code: 'LOCKED' } })
    const { code, stdout } = await running.finished
    const { data } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    await serves(instance.port, 'version 1.1.0\n')
    expect((await present.leave()).failures).toEqual([])
    expect({ code, outcome: data?.change?.outcome }).toEqual({ code: 0, outcome: 'changed' })
    const { digest } = data.check.offer.images.web
    expect(await readFile(instance.config, 'utf8')).toContain(`${repository}:1.1.0@${digest}`)
    expect((await instance.answer('releases')).data.releases.at(-1)).toMatchObject({ version: '1.1.0', current: true })
    expect(await instance.answer('deploy')).toMatchObject({ data: { outcome: 'unchanged' } })
  })

  test('one that fails is taken back with the config, and is not offered again unless it is named', async () => {
    await publish(host, repository, '1.2.0', { MOOD: 'never-healthy' })
    const before = [await instance.snapshot(), await readFile(instance.config, 'utf8')]
    const failed = await instance.answer('update')
    expect(failed).toMatchObject({ code: 5, error: { code: 'UNHEALTHY', details: expect.any(Array) } })
    expect([await instance.snapshot(), await readFile(instance.config, 'utf8')]).toEqual(before)
    await serves(instance.port, 'version 1.1.0\n')
    expect(await instance.answer('update')).toMatchObject({
      code: 4,
      error: { code: 'UPDATE_QUARANTINED', message: expect.stringContaining('unhealthy') },
    })
    expect(await instance.answer('update', '1.2.0')).toMatchObject({ code: 5 })
    await instance.expectTidy()
  })

  test('hooks are run around the phases, with what happens as JSON; one that fails takes the update back', async () => {
    await publish(host, repository, '1.3.0')
    const hooks = join(instance.directory, 'hooks')
    await mkdir(hooks)
    const hook = async (name: string, script: string) => {
      await writeFile(join(hooks, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(hooks, name), 0o755)
    }
    const log = join(instance.directory, 'hooks.log')
    const names = ['before-pull', 'after-pull', 'before-switch', 'after-switch', 'after-commit', 'after-rollback']
    for (const name of names) await hook(name, `echo "${name} $(cat)" >> ${log}`)
    await hook('after-switch', 'echo "the smoke test failed"; exit 3')
    const { data } = await instance.answer('update', '--dry-run')
    const planned: readonly { readonly resource: string }[] = data.change.plan.operations
    expect(planned.map(({ resource }) => resource)).toEqual(expect.arrayContaining(names.map((name) => `hook ${name}`)))
    expect(await instance.answer('update')).toMatchObject({
      code: 5,
      error: { code: 'HOOK_FAILED', details: expect.arrayContaining(['the smoke test failed']) },
    })
    await serves(instance.port, 'version 1.1.0\n')
    const ran = async () => (await readFile(log, 'utf8')).trim().split('\n')
    expect((await ran()).map((line) => line.split(' ')[0])).toEqual([
      'before-pull',
      'after-pull',
      'before-switch',
      'after-rollback',
    ])
    expect(JSON.parse((await ran())[0]?.slice('before-pull '.length) ?? '')).toMatchObject({
      schemaVersion: 1,
      hook: 'before-pull',
      action: 'update',
      instance: instance.name,
    })
    await hook('after-switch', `echo after-switch >> ${log}`)
    expect(await instance.answer('update', '1.3.0')).toMatchObject({ code: 0 })
    await serves(instance.port, 'version 1.3.0\n')
    expect((await ran()).at(-1)).toContain('after-commit')
  })
})
