import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { validate } from '../../src/core/actions/config/validate.ts'
import { init } from '../../src/core/actions/init.ts'
import { lab, labImages } from '../lab/lab.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

/** The rules of config validate that only an engine can tell. */

const template = (more: string) => `name: rules
title: Rules
description: What an engine has to say about.
main: web
${more}parameters:
  - { name: IMAGE, config: docker.image, description: An image }
  - { name: OWN, description: A name of its own }
defaults:
  all:
    docker: { image: "${labImages.busybox}" }
`
const SERVICE = `    image: \${IMAGE}
    command: [sleep, "600"]
`

let world: TestWorld
let name = ''

describe.skipIf(!lab.available).each(lab.newest)('config validate on Engine $version', ({ host }) => {
  const docker = (...words: readonly string[]) =>
    promisify(execFile)(lab.docker, words, { env: { ...process.env, DOCKER_HOST: host } })
  beforeEach(async () => {
    world = await testWorld(host)
    name = `rules-${randomUUID().slice(0, 8)}`
  })
  afterEach(async () => {
    await docker('rm', '-f', `${name}-holder`)
    await docker('volume', 'rm', '-f', `${name}_data`)
    await docker('network', 'rm', `${name}_front`).catch(() => undefined)
    await world.remove()
  })

  /** The errors about a stack of this Compose file, as `rule: message`. */
  async function errorsOf(compose: string, more = ''): Promise<readonly string[]> {
    const directory = join(world.directory, 'templates', 'rules')
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'template.yml'), template(more))
    writeFileSync(join(directory, 'compose.yml'), compose)
    const target = { instance: name }
    await init(world, target, { template: 'rules', set: [`parameters.OWN=${name}`] })
    const { findings, checked } = await validate(world, target, { offline: false, strict: false })
    expect(checked.engine).toContain('Docker Engine')
    return findings.filter(({ severity }) => severity === 'error').map(({ rule, message }) => `${rule}: ${message}`)
  }

  test('nothing stands in the way', async () => {
    expect(await errorsOf(`services:\n  web:\n${SERVICE}`)).toEqual([])
  })

  test('external-missing: a network and a volume that are made elsewhere', async () => {
    const compose = `services:
  web:
${SERVICE}    networks: [front]
    volumes: ["data:/data"]
networks: { front: { external: true, name: "\${OWN}_front" } }
volumes: { data: { external: true, name: "\${OWN}_data" } }
`
    expect(await errorsOf(compose)).toEqual([
      `external-missing: The external network "${name}_front" does not exist.`,
      `external-missing: The external volume "${name}_data" does not exist.`,
    ])
  })

  test('volume-changed: it exists with other options', async () => {
    await docker('volume', 'create', '-o', 'type=tmpfs', '-o', 'device=tmpfs', `${name}_data`)
    const compose = `services:\n  web:\n${SERVICE}    volumes: ["data:/data"]\nvolumes: { data: {} }\n`
    expect(await errorsOf(compose)).toEqual([expect.stringMatching(/^volume-changed: .*would lose its data/)])
  })

  test('network-changed: it exists with another setting', async () => {
    await docker('network', 'create', '--internal', `${name}_front`)
    const compose = `services:\n  web:\n${SERVICE}    networks: [front]\nnetworks: { front: {} }\n`
    expect(await errorsOf(compose)).toEqual([expect.stringMatching(/^network-changed: .*"internal"/)])
  })

  test('image-absent: it must not be pulled', async () => {
    const compose = `services:\n  web:\n${SERVICE}  side:\n    image: ddalab-local/nowhere:1\n    pull_policy: never\n`
    expect(await errorsOf(compose)).toEqual([expect.stringMatching(/^image-absent: .*ddalab-local\/nowhere:1/)])
  })

  test('deploy-impossible: somebody else writes to the data of a database', async () => {
    const mount = `${name}_data:/var/lib/postgresql/data`
    await docker('run', '-d', '--name', `${name}-holder`, '-v', mount, labImages.busybox, 'sleep', '600')
    const compose = `services:
  web:
${SERVICE}  db:
    image: ${labImages.postgres}
    environment: { POSTGRES_PASSWORD: x }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: {} }
`
    expect(await errorsOf(compose, 'singleWriter: [db]\n')).toEqual([
      expect.stringMatching(/^deploy-impossible: .*is in use by the container/),
    ])
  })
})
