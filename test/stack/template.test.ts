import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DdalabError } from '../../src/core/errors.ts'
import { readComposeSource } from '../../src/core/stack/compose/index.ts'
import { listTemplates, loadTemplate } from '../../src/core/stack/index.ts'
import { compileText, ddalabConfig, templatesDir } from './compiling.ts'
import { withFilesAsync } from './compose-oracle.ts'

const metadata = `name: small
title: Small
description: For a test.
main: web
parameters:
  - {name: PORT, description: a port}
defaults: {all: {parameters: {PORT: 8080}}}
`
const compose = 'services:\n  web: {image: app, ports: ["${PORT}:80"]}\n'

/** What is told about a template of these files: `line:column message` of each problem. */
async function problems(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return withFilesAsync(
    { 'small/template.yml': metadata, 'small/compose.yml': compose, ...files },
    async (directory) => {
      const config = 'version: 3.0.0\ntemplate: small'
      const thrown = await compileText(config, { directory }).catch((error: unknown) => error)
      if (!(thrown instanceof DdalabError)) return []
      const all = thrown.options.problems ?? [{ message: thrown.message, ...thrown.options }]
      return all.map(({ message, place }) => `${thrown.code} ${place?.line}:${place?.column} ${message}`)
    },
  )
}

describe('templates', () => {
  test('are found in their directory', async () => {
    const templates = await listTemplates(templatesDir)
    expect(templates.map(({ name, title, main }) => ({ name, title, main }))).toEqual([
      { name: 'ddalab', title: 'DDALAB', main: 'ddalab' },
      { name: 'demo', title: 'Demo', main: 'web' },
    ])
    expect(await listTemplates(join(templatesDir, 'absent'))).toEqual([])
  })

  test.each(['ddalab', 'demo'])('%s: everything in it is used and declared', async (name) => {
    const template = await loadTemplate(join(templatesDir, name))
    const looked = new Set<string>()
    const { findings } = readComposeSource(template.compose, {
      file: template.composeFile,
      workingDir: '/srv',
      home: '/home/lab',
      lookup: (variable) => {
        looked.add(variable)
        return '1'
      },
      profiles: ['*'],
      readFile: () => undefined,
    })
    expect(findings).toEqual([])
    expect([...looked].filter((variable) => !template.parameters.some((one) => one.name === variable))).toEqual([])
    expect(template.parameters.filter((one) => !looked.has(one.name)).map((one) => one.name)).toEqual([])
  })

  test('no default of ours is a usable password', async () => {
    for (const template of await listTemplates(templatesDir)) {
      const given = JSON.stringify(template.defaults)
      expect(given).not.toMatch(/password|secret/i)
      for (const parameter of template.parameters.filter(({ secret }) => secret)) {
        expect([parameter.name, parameter.default ?? '']).toEqual([parameter.name, ''])
      }
    }
  })

  test("seed 0's example needs nothing but the secrets that it lacks", async () => {
    const seed = `version: 2.0.0
environment: production
api: {host: 0.0.0.0, port: 8001, publicUrl: https://api.example.com}
database: {host: postgres, port: 5432, name: ddalab, user: ddalab_user, password: secure_password}
storage: {minio: {host: minio, port: 9000, accessKey: access_key, secretKey: secret_key}, dataDir: /app/data}
docker:
  image: ddalab:latest
  composeFile: docker-compose.prod.yml
  networks: [ddalab-network]
  volumes: {ddalab-data: /app/data}
`
    await expect(compileText(seed)).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('auth.jwtSecret'),
    })
    const { stack } = await compileText(`${seed}auth: {jwtSecret: abc}\n`)
    expect(stack.composeFile).toBe('docker-compose.prod.yml')
    expect(stack.services.ddalab).toMatchObject({
      image: 'ddalab:latest',
      environment: { DDALAB_PUBLIC_API_URL: 'https://api.example.com' },
      mounts: [{ type: 'volume', source: 'ddalab-data', target: '/app/data' }],
    })
  })

  test('one that is not there is not found', async () => {
    await expect(loadTemplate(join(templatesDir, 'absent'))).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' })
  })

  test('mistakes in one have their places, all at once', async () => {
    expect(await problems({})).toEqual([])
    expect(
      await problems({
        'small/template.yml':
          'name: Small\ntitle: Small\nmain: web\nparameter: []\nprobes: [{name: a, service: web, type: htp}]\n',
        'small/compose.yml': 'services:\n  web: {image: app\n',
      }),
    ).toMatchInlineSnapshot(`
      [
        "TEMPLATE_INVALID 1:7 name: must be small letters, digits and dashes",
        "TEMPLATE_INVALID 1:1 description: Invalid input: expected string, received undefined",
        "TEMPLATE_INVALID 5:40 probes[0].type: Invalid discriminator value. Expected 'http' | 'ingress' | 'tcp' | 'command' | 'dependency'",
        "TEMPLATE_INVALID 4:1 parameter is not a key of templates",
        "TEMPLATE_INVALID 3:1 The indentation does not fit",
      ]
    `)
    expect(await problems({ 'small/template.yml': `${metadata}singleWriter: [db]\n` })).toMatchInlineSnapshot(`
      [
        "TEMPLATE_INVALID undefined:undefined template.yml of small names the service db, which compose.yml does not have",
      ]
    `)
    expect(await problems({ 'small/compose.yml': `${compose}  db: {imag: x}\n` })).toMatchInlineSnapshot(`
      [
        "TEMPLATE_INVALID 3:8 services.db.imag is not a key of Compose files",
        "TEMPLATE_INVALID 3:7 services.db has no image",
      ]
    `)
    expect(
      await problems({
        'small/template.yml': `${metadata}ingress: {routes: [{path: /, service: web, port: '\${PORTS}'}]}\n`,
      }),
    ).toMatchInlineSnapshot(`
      [
        "TEMPLATE_INVALID undefined:undefined The port \${PORTS} in template.yml of small: it is no port",
      ]
    `)
  })
})

test('a value of the config with a dollar sign is not interpolated', async () => {
  const { stack } = await compileText(
    ddalabConfig("ingress: {domain: lab.example.org}\nweb: {publicUrl: 'https://a.example.org/$HOME'}"),
  )
  expect(stack.services.ddalab?.environment.NEXTAUTH_URL).toBe('https://a.example.org/$HOME')
  expect(stack.files.find(({ path }) => path === 'docker-compose.yml')?.content).toContain(
    'https://a.example.org/$$HOME',
  )
})
