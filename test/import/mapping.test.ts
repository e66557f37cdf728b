import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  configOf,
  readComposeProject,
  readContainers,
  readOldConfig,
  type SourceContainer,
  usualPlaces,
  withContainers,
} from '../../src/core/import/index.ts'
import { aProject, ddalab, FIXTURES, imported, printed } from './support.ts'

const app = (lines: string) => `services:\n  ddalab:\n    image: sdraeger1/ddalab:1.0.0\n${lines}`
const told = (compose: string, env?: string) => printed(imported(aProject(compose, env)).notes)
const config = (compose: string, env?: string) => imported(aProject(compose, env)).config

describe('data is never left behind', () => {
  test('a folder of the host in the place of a volume stays one', () => {
    const compose = app('  postgres: { image: "postgres:15", volumes: ["./pg:/var/lib/postgresql/data"] }')
    expect(config(compose).docker?.volumeNames).toEqual({ 'postgres-data': '/srv/ddalab/pg' })
  })

  test.each([
    ['a volume where the template has none', 'volumes: ["pg:/bitnami/postgresql"]', 'mount /bitnami/postgresql'],
    ['a folder inside the volume', 'environment: { PGDATA: /var/lib/postgresql/data/pg }', 'variable PGDATA'],
    ['a volume without a name', 'volumes: [/var/lib/postgresql/data]', 'mount /var/lib/postgresql/data'],
  ])('%s refuses the import', (_, line, what) => {
    const compose = `${app(`  postgres:\n    image: postgres:15\n    ${line}\n`)}volumes: { pg: }\n`
    expect(told(compose)).toContainEqual(expect.stringContaining(`data: ${what} of postgres @`))
  })

  test('a volume without a name is known by its container', () => {
    const source = readComposeProject(aProject(app('  postgres: { image: "postgres:15" }')))
    const name = 'a'.repeat(64)
    const mounts = [{ type: 'volume', name, source: '', target: '/var/lib/postgresql/data', readOnly: false }]
    const known = withContainers(source, [aContainer('postgres', { mounts })])
    const mapped = configOf({ source: known, template: ddalab, instance: 'ddalab', fileExists: () => false })
    expect(mapped?.config.docker?.volumeNames).toEqual({ 'postgres-data': name })
  })

  test('under another name of the instance the volumes keep theirs', () => {
    const compose = `${app('  redis: { image: redis, volumes: ["cache:/data"] }\n')}volumes: { cache: }\n`
    const source = readComposeProject(aProject(compose))
    const mapped = configOf({ source, template: ddalab, instance: 'other', fileExists: () => false })
    expect(mapped?.config.docker?.volumeNames).toEqual({ 'redis-data': 'ddalab_cache' })
  })
})

describe('secrets', () => {
  test('a second value for the secret of another variable is told, and does not get into the open', () => {
    const compose = app('    environment: { JWT_SECRET_KEY: one-secret, NEXTAUTH_SECRET: another-secret }')
    expect(JSON.stringify(config(compose))).not.toContain('another-secret')
    expect(told(compose)).toContainEqual('changed: variable NEXTAUTH_SECRET of ddalab @4')
  })

  test('are read from the files of Compose’s secrets', () => {
    const compose = `${app('  postgres:\n    image: postgres\n    environment: { POSTGRES_PASSWORD_FILE: /run/secrets/pw }\n    secrets: [pw]\n')}secrets: { pw: { file: ./pw.txt } }\n`
    const project = aProject(compose, undefined, {
      readFile: (path) => (path.endsWith('pw.txt') ? 'of a file\n' : undefined),
    })
    expect(imported(project).config.database?.password).toBe('of a file')
  })

  test('variables that look secret are kept among the secrets, `$` and all', () => {
    const lines = '    environment: { MAIL_URL: "smtp://me:pa$$word@mail:25", TITLE: "5$$ lab" }'
    expect(config(app(lines))).toMatchObject({
      secretVariables: { MAIL_URL: 'smtp://me:pa$word@mail:25' },
      variables: { TITLE: '5$$ lab' },
    })
  })
})

describe('ports and TLS', () => {
  test('without an ingress the app’s own ports are the ingress’s, without TLS', () => {
    const compose = app('    ports: ["3100:3000", "8001:8001"]')
    expect(config(compose)).toMatchObject({ ingress: { httpPort: 3100 }, ssl: { enabled: false } })
  })

  test('what listened at one address only is told: the ingress answers at all', () => {
    expect(told(app('    ports: ["127.0.0.1:3000:3000"]'))).toContainEqual('warning: port 3000:3000 of ddalab @4')
  })

  test('Let’s Encrypt is taken out of the flags of Traefik, the domain out of the labels', () => {
    const compose = `${app('    labels: { traefik.http.routers.x.rule: "Host(`lab.example.org`)" }')}
  traefik:
    image: traefik:v3.1
    command: [--certificatesresolvers.le.acme.email=me@example.org]
    ports: ["80:80", "443:443"]
`
    expect(config(compose)).toMatchObject({
      ingress: { domain: 'lab.example.org' },
      images: { traefik: 'traefik:v3.1' },
      ssl: { letsEncrypt: { email: 'me@example.org', domains: ['lab.example.org'] } },
    })
  })
})

describe('reading as Compose does', () => {
  test('a later file is over the earlier ones; the place is where a value stands', () => {
    const project = aProject(app('    environment: [A=1, B=1]\n    command: [one, two]\n'))
    const override = {
      file: '/srv/ddalab/docker-compose.override.yml',
      text: 'services:\n  ddalab:\n    environment: { B: "2" }\n    command: [three]\n',
    }
    const source = readComposeProject({ ...project, files: [...project.files, override] })
    expect(source.services.ddalab?.service).toMatchObject({ environment: { A: '1', B: '2' }, command: ['three'] })
    expect(source.services.ddalab?.place('command')).toMatchObject({ file: override.file, line: 4 })
  })

  test.each([
    ['COMPOSE_PROJECT_NAME', 'name: own\n', 'COMPOSE_PROJECT_NAME=given\n', 'given'],
    ['the file', 'name: own\n', '', 'own'],
    ['the folder', '', '', 'ddalab'],
  ])('the project’s name is that of %s', (_, head, env, expected) => {
    expect(readComposeProject(aProject(head + app(''), env)).project).toBe(expected)
  })

  test('a variable that must have a value and has none: nothing is guessed', () => {
    expect(() => config(app('    environment: { A: "${A:?say A}" }'))).toThrow(
      'required variable A is missing a value: say A',
    )
  })

  test('no Compose file, and another stack', () => {
    expect(() => readComposeProject(aProject('services: ['))).toThrow(
      expect.objectContaining({ code: 'IMPORT_INVALID' }),
    )
    const source = readComposeProject(aProject('services: { web: { image: nginx } }'))
    expect(configOf({ source, template: ddalab, instance: 'x', fileExists: () => false })).toBeUndefined()
  })
})

const aContainer = (service: string, given: Partial<SourceContainer> = {}): SourceContainer => ({
  name: `ddalab-${service}-1`,
  service,
  image: service,
  environment: {},
  labels: {},
  ports: [],
  mounts: [],
  networks: ['ddalab_default'],
  ...given,
})

test('without files everything is read from the containers', () => {
  const source = readContainers('ddalab', [
    aContainer('ddalab', {
      image: 'sdraeger1/ddalab:1.2.0',
      environment: { DB_HOST: 'postgres', DB_PASSWORD: 'from inspect' },
      ports: [{ target: 3000, published: '3000', hostIp: '', protocol: 'tcp' }],
      memory: 2 ** 30,
    }),
    aContainer('postgres', {
      image: 'postgres:15',
      mounts: [{ type: 'volume', name: 'old_pg', source: '', target: '/var/lib/postgresql/data', readOnly: false }],
    }),
  ])
  const mapped = configOf({ source, template: ddalab, instance: 'ddalab', fileExists: () => false })
  expect(mapped?.config).toMatchObject({
    database: { password: 'from inspect' },
    docker: { image: 'sdraeger1/ddalab:1.2.0', volumeNames: { 'postgres-data': 'old_pg' } },
    images: { postgres: 'postgres:15' },
    ingress: { httpPort: 3000 },
    resources: { ddalab: { memory: '1g' } },
  })
  expect(printed(mapped?.notes ?? [])[0]).toBe('warning: project ddalab')
})

describe('a config of ConfigManager', () => {
  const file = join(FIXTURES, 'config-manager', 'deployment-config.yml')
  const text = readFileSync(file, 'utf8')

  test('keeps its settings; what no version knows is told with its line', () => {
    const { config: read, notes } = readOldConfig(text, file)
    expect(read).toMatchObject({
      database: { user: 'ddalab_user', password: 'secure_password' },
      storage: { minio: { secretKey: 'kept exactly: as it is' } },
      docker: { image: 'ddalab:latest', volumes: { 'ddalab-data': '/app/data' } },
    })
    expect(printed(notes)).toEqual(['left out: telemetry is not a setting @32'])
  })

  test('of 1.0.0 is read as well; a value that does not fit is refused, not replaced by a default', () => {
    expect(readOldConfig('version: 1.0.0\napi: { port: 8002 }\n', file).config).toEqual({ api: { port: 8002 } })
    expect(() => readOldConfig(text.replace('8001', 'eight'), file)).toThrow('api.port must be a port')
  })
})

test('the usual places are those of each system', () => {
  const linux = usualPlaces({ platform: 'linux', home: '/home/lab', settings: '/home/lab/.config' })
  expect(linux).toEqual(
    expect.arrayContaining([
      '/home/lab/DDALAB-setup',
      '/home/lab/Desktop/DDALAB',
      '/opt/ddalab',
      '/home/lab/.config/configmanager/deployment-config.yml',
    ]),
  )
  const mac = usualPlaces({ platform: 'darwin', home: '/Users/lab', settings: '/Users/lab/.config' })
  expect(mac).toContain('/Users/lab/Library/Application Support/ConfigManager/deployment-config.yml')
  const roaming = 'C:\\Users\\lab\\AppData\\Roaming'
  expect(usualPlaces({ platform: 'win32', home: 'C:\\Users\\lab', settings: roaming })).toContain(
    `${roaming}\\configmanager\\deployment-config.yml`,
  )
})
