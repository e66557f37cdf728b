import { describe, expect, test } from 'vitest'
import { readComposeFile } from '../../src/core/stack/compose/index.ts'
import { parseEnvFile } from '../../src/core/stack/env-file.ts'
import type { Stack } from '../../src/core/stack/index.ts'
import { compileText, ddalabConfig, secrets } from './compiling.ts'
import { compose, composeConfig, withFiles } from './compose-oracle.ts'

const stackOf = async (...input: Parameters<typeof compileText>) => (await compileText(...input)).stack

function textOf(stack: Stack, path: string): string {
  const file = stack.files.find((one) => one.path === path)
  if (file === undefined) throw new Error(`no file ${path}, only ${stack.files.map((one) => one.path).join(', ')}`)
  return file.content
}

/** The part of a stack that a Compose file can say. */
function sayable({ project, services, networks, volumes, configs, secrets: secretFiles }: Stack) {
  const plain = Object.entries(services).map(([name, service]) => [name, { ...service, singleWriter: false }])
  return { project, services: Object.fromEntries(plain), networks, volumes, configs, secrets: secretFiles }
}

/** The stack that is read back from the rendered texts, or from what the real Compose makes of them. */
function readBack(text: string, stack: Stack, env: string) {
  const variables = parseEnvFile(env, { file: '.env' })
  const {
    findings,
    place: _place,
    inactive: _inactive,
    profiles: _profiles,
    volumeKeys: _volumeKeys,
    ...rest
  } = readComposeFile(text, {
    file: 'docker-compose.yml',
    workingDir: stack.workingDir,
    home: '/home/lab',
    lookup: (name) => variables.get(name),
    profiles: ['*'],
    readFile: () => undefined,
  })
  expect(findings).toEqual([])
  return rest
}

const monitoring = `profiles: [monitoring]\nparameters: {GRAFANA_ADMIN_PASSWORD: ${JSON.stringify(secrets.grafana)}}`

const configs: Readonly<Record<string, string>> = {
  production: ddalabConfig(),
  staging: ddalabConfig('environment: staging'),
  development: ddalabConfig('environment: development'),
  caddy: ddalabConfig('ingress: {type: caddy, domain: lab.example.org}'),
  nginx: ddalabConfig('ingress: {type: nginx, domain: lab.example.org, httpPort: 8080, httpsPort: 8443}'),
  'caddy with ACME': ddalabConfig(
    'ingress: {type: caddy, domain: lab.example.org}\nssl: {enabled: true, letsEncrypt: {email: a@example.org, domains: [lab.example.org]}}',
  ),
  'traefik with ACME': ddalabConfig(
    'ssl: {enabled: true, letsEncrypt: {email: a@example.org, domains: [lab.example.org, www.example.org], staging: true}}',
  ),
  monitoring: ddalabConfig(monitoring),
  'other images': ddalabConfig(
    `docker: {image: '127.0.0.1:5000/lab/app:1.0.0'}\nimages: {postgres: 'pg:1', caddy: 'c:2', traefik: 'registry.example.org/t@sha256:${'a'.repeat(64)}', grafana: 'g:1'}`,
  ),
  resources: ddalabConfig('resources: {ddalab: {cpus: 1.5, memory: 2g}, postgres: {memory: 512m}}'),
  docker: ddalabConfig(`docker:
  networks: [ddalab-network]
  volumes: {/srv/eeg: /app/data, more: /app/more, ~/x: /app/home}
  environmentOverrides: {DDALAB_DEBUG: true, EXTRA: 'cost $5 \${NOT_A_VARIABLE}', NUMBER: 7}`),
  ldap: ddalabConfig('').replace(
    'auth: {',
    'auth: {mode: ldap, ldap: {serverUrl: "ldaps://d.example.org", bindDn: "cn=a,dc=b", bindPassword: "p $w", userBase: "ou=u", groupBase: "ou=g"}, ',
  ),
  demo: 'version: 3.0.0\ntemplate: demo',
  'demo from another image':
    'version: 3.0.0\ntemplate: demo\ndocker: {image: my/image:2}\nparameters: {WEB_PORT: 9090, WEB_TITLE: "50 % <b>"}',
}

describe('what is rendered means the same stack', () => {
  test.each(Object.keys(configs))('%s: to our own reader', async (name) => {
    const stack = await stackOf(configs[name] ?? '')
    expect(readBack(textOf(stack, 'docker-compose.yml'), stack, textOf(stack, '.env'))).toEqual(sayable(stack))
  })

  test.skipIf(compose === '').each(Object.keys(configs))('%s: to the Compose binary', async (name) => {
    const stack = await stackOf(configs[name] ?? '')
    const [text, env] = [textOf(stack, 'docker-compose.yml'), textOf(stack, '.env')]
    const answer = withFiles({ 'docker-compose.yml': text, '.env': env }, (directory) => composeConfig(directory))
    expect(readBack(JSON.stringify(answer), stack, env)).toEqual(sayable(stack))
  })
})

describe('secrets', () => {
  test('stand in .env only, never in the Compose file', async () => {
    const stack = await stackOf(ddalabConfig(monitoring))
    expect(stack.secretValues.toSorted()).toEqual(Object.values(secrets).toSorted())
    for (const file of stack.files) {
      const found = stack.secretValues.filter((value) => file.content.includes(value))
      if (!file.secret) expect([file.path, found]).toEqual([file.path, []])
    }
    expect(textOf(stack, 'docker-compose.yml')).toContain('POSTGRES_PASSWORD: "${DDALAB_DB_PASSWORD}"')
    expect(stack.files.filter(({ secret }) => secret).map(({ path }) => path)).toEqual([
      'ingress/certs/key.pem',
      '.env',
    ])
  })

  test('that are missing are named all at once, and nothing is made up', async () => {
    await expect(compileText('version: 3.0.0')).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      options: {
        problems: [
          { message: expect.stringContaining('database.password'), hint: expect.stringContaining('ddalab init') },
          { message: expect.stringContaining('storage.minio.secretKey') },
          { message: expect.stringContaining('auth.jwtSecret') },
        ],
      },
    })
  })

  test('of a profile are needed with that profile only', async () => {
    await expect(compileText(ddalabConfig('profiles: [monitoring]'))).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('parameters.GRAFANA_ADMIN_PASSWORD'),
    })
  })

  test('in the arguments of a process there are none', async () => {
    const stack = await stackOf(ddalabConfig(monitoring))
    const words = Object.values(stack.services).flatMap(({ command = [], entrypoint = [], healthcheck }) => [
      ...command,
      ...entrypoint,
      ...(healthcheck?.test ?? []),
    ])
    expect(stack.secretValues.filter((value) => words.some((word) => word.includes(value)))).toEqual([])
  })
})

describe('the DDALAB stack', () => {
  test('has five services and what they need', async () => {
    const stack = await stackOf(ddalabConfig())
    const summary = Object.values(stack.services).map(
      ({ name, image, ports, mounts, dependsOn, singleWriter, restart, logging, healthcheck }) => ({
        name,
        image,
        ports: ports.map(({ published, target }) => `${published}:${target}`),
        mounts: mounts.map((mount) => `${'source' in mount ? mount.source : ''}:${mount.target}`),
        dependsOn: Object.entries(dependsOn).map(([service, { condition }]) => `${service} ${condition}`),
        singleWriter,
        restart,
        rotated: logging?.options['max-size'],
        healthcheck: healthcheck?.test,
      }),
    )
    expect(summary).toMatchSnapshot()
  })

  test('gives DDALAB this environment', async () => {
    const stack = await stackOf(ddalabConfig('ingress: {domain: lab.example.org}'))
    expect(stack.services.ddalab?.environment).toMatchSnapshot()
  })

  test('is rendered as this file', async () => {
    const stack = await stackOf(ddalabConfig())
    expect(textOf(stack, 'docker-compose.yml')).toMatchSnapshot()
  })

  test('starts quickly: health is asked every second while a service starts', async () => {
    const stack = await stackOf(ddalabConfig(monitoring))
    for (const { name, healthcheck } of Object.values(stack.services)) {
      expect([name, healthcheck?.startInterval, healthcheck?.interval]).toEqual([name, 1000, 10_000])
    }
  })

  test('differs between environments as its defaults say', async () => {
    const [development, production] = [
      await stackOf(ddalabConfig('environment: development')),
      await stackOf(ddalabConfig()),
    ]
    expect(development.ingress?.url).toBe('http://localhost:8080')
    expect(production.ingress?.url).toBe('https://localhost')
    expect(development.services.ddalab?.environment).toMatchObject({
      DDALAB_ENVIRONMENT: 'development',
      DDALAB_DEBUG: 'true',
      DDALAB_PUBLIC_API_URL: 'http://localhost:8001',
    })
    expect(production.services.ddalab?.environment).toMatchObject({
      DDALAB_ENVIRONMENT: 'production',
      DDALAB_DEBUG: 'false',
      DDALAB_PUBLIC_API_URL: 'https://localhost:8001',
    })
  })

  test('is asked from outside by these probes', async () => {
    const stack = await stackOf(ddalabConfig('ingress: {domain: lab.example.org, httpsPort: 8443}'))
    expect(stack.probes).toMatchSnapshot()
  })
})

describe('overrides', () => {
  test('images: the main one by docker.image, each by its service', async () => {
    const stack = await stackOf(configs['other images'] ?? '')
    expect(Object.fromEntries(Object.values(stack.services).map(({ name, image }) => [name, image]))).toEqual({
      ddalab: '127.0.0.1:5000/lab/app:1.0.0',
      postgres: 'pg:1',
      redis: 'redis:7-alpine',
      minio: 'minio/minio',
      traefik: `registry.example.org/t@sha256:${'a'.repeat(64)}`,
    })
  })

  test('rule 39: a folder of the host takes the place of the volume, and is not created', async () => {
    const stack = await stackOf(configs.docker ?? '')
    expect(stack.services.ddalab?.mounts).toEqual([
      { type: 'bind', source: '/srv/eeg', target: '/app/data', readOnly: false, createHostPath: false },
      { type: 'volume', source: 'more', target: '/app/more', readOnly: false, noCopy: false },
      { type: 'bind', source: '/home/lab/x', target: '/app/home', readOnly: false, createHostPath: false },
    ])
    expect(Object.keys(stack.volumes)).toEqual(['postgres-data', 'redis-data', 'minio-data', 'more'])
    expect(stack.volumes.more?.name).toBe('lab_more')
  })

  test('networks of the config are those of all services', async () => {
    const stack = await stackOf(configs.docker ?? '')
    expect(Object.keys(stack.networks)).toEqual(['ddalab-network'])
    expect(stack.networks['ddalab-network']?.name).toBe('lab_ddalab-network')
    for (const service of Object.values(stack.services))
      expect(Object.keys(service.networks)).toEqual(['ddalab-network'])
  })

  test('environment overrides are taken as they stand', async () => {
    const stack = await stackOf(configs.docker ?? '')
    expect(stack.services.ddalab?.environment).toMatchObject({
      DDALAB_DEBUG: 'true',
      EXTRA: 'cost $5 ${NOT_A_VARIABLE}',
      NUMBER: '7',
    })
  })

  test('resources', async () => {
    const stack = await stackOf(configs.resources ?? '')
    expect(stack.services.ddalab?.resources).toEqual({ cpus: 1.5, memory: 2 * 1024 ** 3 })
    expect(stack.services.postgres?.resources).toEqual({ memory: 512 * 1024 ** 2 })
  })

  test('the name of the Compose file', async () => {
    const stack = await stackOf(ddalabConfig('docker: {composeFile: docker-compose.prod.yml}'))
    expect(stack.composeFile).toBe('docker-compose.prod.yml')
    expect(textOf(stack, 'docker-compose.prod.yml')).toContain('name: lab')
  })

  test.each([
    ['images: {postgre: x}', 'images: the stack has no postgre', 'Did you mean postgres?'],
    ['resources: {web: {cpus: 1}}', 'resources: the stack has no web', 'There are ddalab'],
    ['profiles: [monitorin]', 'profiles: the stack has no monitorin', 'Did you mean monitoring?'],
    ['docker: {composeFile: ../x.yml}', 'docker.composeFile must be the name of a YAML file', 'Leave it out'],
    ['ingress: {httpPort: 8001}', 'The ingress would listen on port 8001 for two things', 'different numbers'],
  ])('%s is refused', async (line, message, hint) => {
    await expect(compileText(ddalabConfig(line))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(message),
      options: { hint: expect.stringContaining(hint) },
    })
  })
})

test('a stack without ingress needs none: demo', async () => {
  const stack = await stackOf(configs['demo from another image'] ?? '')
  expect(stack.ingress).toBeUndefined()
  expect(stack.files.map(({ path }) => path)).toEqual(['docker-compose.yml', '.env'])
  expect(stack.services.web).toMatchObject({
    image: 'my/image:2',
    ports: [{ published: '9090', target: 80 }],
    environment: { TITLE: '50 % <b>' },
  })
  expect(stack.probes).toMatchObject([{ url: 'http://127.0.0.1:9090/' }])
})

test('compiling twice gives the same', async () => {
  expect(await stackOf(ddalabConfig())).toEqual(await stackOf(ddalabConfig()))
})
