import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { deploy } from '../../src/core/actions/deploy.ts'
import { type ImportOptions, importInstallation } from '../../src/core/actions/import/import.ts'
import { plan } from '../../src/core/actions/plan.ts'
import { status } from '../../src/core/actions/status.ts'
import { lab, labImages } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

/** DDALAB as somebody wrote it by hand: other names of services, fixed names of containers, data in volumes and in folders. */
const COMPOSE = `
services:
  ddalab:
    image: \${DDALAB_IMAGE:-${labImages.app}}
    container_name: \${COMPOSE_PROJECT_NAME}-app
    env_file: .env
    environment:
      DDALAB_DB_HOST: db
      DDALAB_DB_PORT: 5432
      DDALAB_DB_NAME: lab
      DDALAB_DB_USER: lab
      DDALAB_DB_PASSWORD: \${DB_PASSWORD}
      DDALAB_MINIO_HOST: minio:9000
      DDALAB_MINIO_ACCESS_KEY: lab
      DDALAB_MINIO_SECRET_KEY: \${MINIO_PASSWORD:-minio-password}
      DDALAB_REDIS_HOST: redis
      DDALAB_REDIS_PORT: 6379
      DDALAB_JWT_SECRET_KEY: 0123456789abcdef0123456789abcdef
    ports: ["\${DDALAB_API_PORT}:\${DDALAB_API_PORT}"]
    volumes: [./data:/app/data]
    depends_on: [db, redis, minio]
    restart: unless-stopped
  db:
    image: ${labImages.postgres}
    container_name: \${COMPOSE_PROJECT_NAME}-database
    environment: { POSTGRES_DB: lab, POSTGRES_USER: lab, POSTGRES_PASSWORD: "\${DB_PASSWORD}" }
    volumes: [pgdata:/var/lib/postgresql/data]
    restart: unless-stopped
  redis:
    image: ${labImages.redis}
    volumes: [redis-data:/data]
  minio:
    image: ${labImages.s3}
    command: server /data
    environment: { MINIO_ROOT_USER: lab, MINIO_ROOT_PASSWORD: "\${MINIO_PASSWORD:-minio-password}" }
    volumes: [./objects:/data]
  proxy:
    image: ${labImages.caddy}
    ports: ["\${HTTP_PORT}:80"]
    volumes: [./Caddyfile:/etc/caddy/Caddyfile:ro]
    restart: unless-stopped
  tool:
    image: ${labImages.busybox}
    command: sleep 3600
    stop_signal: SIGKILL
volumes:
  pgdata:
  redis-data:
`

const options: ImportOptions = { dryRun: false, set: [], setSecretly: [], confirm: async () => true }

describe.skipIf(!lab.available).each(lab.newest)('import on Engine $version', ({ host }) => {
  const project = `import-${randomUUID().slice(0, 8)}`
  const target = { instance: 'ddalab' }
  const own = { instance: project }
  const worlds: TestWorld[] = []
  let folder = ''
  let [http, api] = [0, 0]

  const compose = async (...words: readonly string[]) => {
    const { stdout } = await promisify(execFile)(lab.compose, [...words], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: host },
      cwd: folder,
    })
    return stdout
  }
  const world = async () => {
    const made = await testWorld(host)
    worlds.push(made)
    return made
  }
  const records = async () => (await fetch(`http://127.0.0.1:${api}/api/records`)).text()
  const answers = async (url: string) =>
    fetch(url).then(
      ({ status: code }) => code,
      () => 0,
    )

  const healthy = () =>
    vi.waitFor(async () => expect(await answers(`http://127.0.0.1:${api}/health`)).toBe(200), {
      timeout: 60_000,
      interval: 300,
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ddalab-setup-'))
    ;[http, api] = [await freePort(), await freePort()]
    await writeFile(join(folder, 'docker-compose.yml'), COMPOSE)
    await writeFile(join(folder, 'Caddyfile'), ':80 {\n  reverse_proxy ddalab:3000\n}\n')
    const env = { COMPOSE_PROJECT_NAME: project, DB_PASSWORD: "'s3cret $ word'", DDALAB_API_PORT: api, HTTP_PORT: http }
    await writeFile(
      join(folder, '.env'),
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    await mkdir(join(folder, 'data'))
    await mkdir(join(folder, 'objects'))
    await compose('up', '-d')
    await healthy()
    const body = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"before the import"}',
    }
    expect((await fetch(`http://127.0.0.1:${api}/api/records`, body)).ok).toBe(true)
  })
  afterAll(async () => {
    await compose('down', '--volumes', '--remove-orphans')
    for (const one of worlds) await one.remove()
    await rm(folder, { recursive: true, force: true })
  })

  /** Everything that somebody wrote there; the folders of data belong to the containers. */
  const written = async () => {
    const names = (await readdir(folder)).filter((name) => !['data', 'objects'].includes(name)).sort()
    return Promise.all(
      names.map(async (name) => {
        const { mode, mtimeMs } = await stat(join(folder, name))
        const hash = createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex')
        return `${name} ${mode} ${mtimeMs} ${hash}`
      }),
    )
  }
  const running = async () => {
    const lines = (await compose('ps', '--format', '{{.Service}} {{.Name}} {{.State}}')).trim().split('\n')
    return lines.map((line) => line.replaceAll(project, 'PROJECT')).sort()
  }

  test('a first deploy that fails brings the old containers back, with their data', async () => {
    const failing = await world()
    const before = { files: await written(), running: await running() }
    await importInstallation(failing, target, {
      ...options,
      path: folder,
      set: [`docker.image=${labImages.appCrashAtStart}`],
    })
    await expect(deploy(failing, own, {})).rejects.toMatchObject({ exit: 5 })
    expect(await running()).toEqual(before.running)
    await healthy()
    expect(await records()).toContain('before the import')
    expect(await written()).toEqual(before.files)
  })

  test('a project by its name: from its files, and from its containers when these are gone', async () => {
    const here = await world()
    const dry = { ...options, project, dryRun: true }
    const ofFiles = await importInstallation(here, target, dry)
    expect(ofFiles).toMatchObject({ from: { kind: 'compose' }, written: false, takesOver: folder })
    await rename(folder, `${folder}-away`)
    try {
      const ofContainers = await importInstallation(here, target, dry)
      expect(ofContainers).toMatchObject({ from: { kind: 'containers', path: null }, takesOver: folder })
      expect(ofContainers.data).toEqual(ofFiles.data)
      const elsewhere = await importInstallation(here, target, { ...dry, instance: 'elsewhere' })
      expect(elsewhere.takesOver).toBeNull()
      expect(elsewhere.stopFirst.toSorted()).toContain(`${project}-database`)
    } finally {
      await rename(`${folder}-away`, folder)
    }
    expect(await readdir(here.directory)).toEqual([])
  })

  test('takes over in place: the plan says what changes, the data is there, the folder is as it was', async () => {
    const before = await written()
    const here = await world()
    const report = await importInstallation(here, target, { ...options, path: folder })
    expect(report).toMatchObject({ instance: project, written: true, takesOver: folder, stopFirst: [] })
    expect(report.data.map(({ source, service }) => `${service}: ${source.replace(folder, '.')}`)).toEqual([
      'ddalab: ./data',
      `postgres: ${project}_pgdata`,
      `redis: ${project}_redis-data`,
      'minio: ./objects',
    ])
    expect(report.text).not.toContain('s3cret')

    const { plan: first, problems, warnings } = await plan(here, own, { pull: false })
    expect(problems).toEqual([])
    const shown = first.operations
      .filter(({ kind }) => /^(?:container\.(?:create|stop|remove)|volume|network)/.test(kind))
      .map(({ kind, resource, cause }) => `${kind} ${resource}: ${cause}`.replaceAll(project, 'PROJECT'))
    expect(shown.toSorted()).toMatchInlineSnapshot(`
      [
        "container.create container PROJECT-caddy-1: not there yet",
        "container.create container PROJECT-ddalab-1: was not created by ddalab",
        "container.create container PROJECT-minio-1: was not created by ddalab",
        "container.create container PROJECT-postgres-1: not there yet",
        "container.create container PROJECT-redis-1: was not created by ddalab",
        "container.remove container PROJECT-app: was not created by ddalab",
        "container.remove container PROJECT-database: its work is done by the stack",
        "container.remove container PROJECT-minio-1: was not created by ddalab",
        "container.remove container PROJECT-proxy-1: its work is done by the stack",
        "container.remove container PROJECT-redis-1: was not created by ddalab",
        "container.stop container PROJECT-app: was not created by ddalab",
        "container.stop container PROJECT-database: its work is done by the stack",
        "container.stop container PROJECT-minio-1: was not created by ddalab",
        "container.stop container PROJECT-proxy-1: its work is done by the stack",
        "container.stop container PROJECT-redis-1: was not created by ddalab",
      ]
    `)
    expect(warnings.map((warning) => warning.replaceAll(project, 'PROJECT')).toSorted()).toEqual([
      expect.stringMatching(/"PROJECT-database" .* its work is done by the stack: it is removed/),
      expect.stringMatching(/"PROJECT-proxy-1" .* its work is done by the stack: it is removed/),
      expect.stringMatching(/"PROJECT-tool-1" .* left alone/),
      'storage.minio.secretKey is a published default password',
    ])

    expect(await deploy(here, own, {})).toMatchObject({ outcome: 'changed' })
    expect(await records()).toContain('before the import')
    expect(await answers(`http://127.0.0.1:${http}/`)).toBe(200)
    expect((await status(here, own)).status).toMatchObject({ state: 'healthy' })
    expect(await running()).toMatchInlineSnapshot(`
      [
        "caddy PROJECT-caddy-1 running",
        "ddalab PROJECT-ddalab-1 running",
        "minio PROJECT-minio-1 running",
        "postgres PROJECT-postgres-1 running",
        "redis PROJECT-redis-1 running",
        "tool PROJECT-tool-1 running",
      ]
    `)
    expect(await deploy(here, own, {})).toMatchObject({ outcome: 'unchanged' })
    expect(await written()).toEqual(before)
  })

  test('an instance of that name is not imported over', async () => {
    const here = worlds.at(-1) ?? (await world())
    await expect(importInstallation(here, target, { ...options, path: folder })).rejects.toMatchObject({
      code: 'CONFIG_EXISTS',
    })
  })
})
