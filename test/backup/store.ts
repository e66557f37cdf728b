import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createBackup } from '../../src/core/actions/backup/create.ts'
import { restoreBackup } from '../../src/core/actions/backup/restore.ts'
import { verifyBackup } from '../../src/core/actions/backup/verify.ts'
import { deploy } from '../../src/core/actions/deploy.ts'
import type { Target } from '../../src/core/actions/world.ts'
import { docker, Project } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { type TestWorld, testWorld } from '../support/world.ts'
import { compose, metadata, S3_CLIENT } from './store-template.ts'

export const PASSWORD = 'a-pass-word-that-nobody-may-see'

/** A stack with all kinds of data on a real engine, worked by the actions of the program. */
export class Store {
  readonly name = `backup-${randomUUID().slice(0, 8)}`
  readonly host: string
  readonly world: TestWorld
  readonly project: Project
  readonly target: Target

  private constructor(host: string, world: TestWorld) {
    this.host = host
    this.world = world
    this.project = new Project(host, this.name)
    this.target = { instance: this.name }
  }

  static async on(
    host: string,
    { appendonly = 'yes', writing = false }: { appendonly?: 'yes' | 'no'; writing?: boolean } = {},
  ): Promise<Store> {
    const store = new Store(host, await testWorld(host))
    const { directory } = store.world
    const parameter = `  - { name: APPENDONLY, description: yes or no, default: "${appendonly}" }\n`
    const config = `version: 3.0.0
template: store
docker: {image: ${labImages.busybox}}
database: {password: ${PASSWORD}}
profiles: [${writing ? 'writing' : ''}]
`
    await store.#write(
      join(directory, 'templates/store/template.yml'),
      metadata.replace('data:\n', `${parameter}data:\n`),
    )
    await store.#write(join(directory, 'templates/store/compose.yml'), compose)
    await store.#write(join(store.directory, 'deployment-config.yml'), config)
    await deploy(store.world, store.target, {})
    return store
  }

  async #write(path: string, content: string): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, content, { mode: 0o600 })
  }

  get directory(): string {
    return join(this.world.directory, 'instances', this.name)
  }

  get backups(): string {
    return join(this.directory, 'backups')
  }

  async backup(): Promise<string> {
    const { backup } = await createBackup(this.world, this.target, { only: [] })
    if (backup === undefined) throw new Error('no backup was made')
    return backup.id
  }

  restore(id: string, only: readonly string[] = []) {
    return restoreBackup(this.world, this.target, id, { only })
  }

  verify(id: string) {
    return verifyBackup(this.world, this.target, id)
  }

  /** What a command says inside the container of a service. */
  in(service: string, ...command: readonly string[]): Promise<string> {
    return docker(this.host, 'exec', `${this.name}-${service}-1`, ...command)
  }

  /** `running`, `paused`, ... */
  state(service: string): Promise<string> {
    return docker(this.host, 'inspect', '-f', '{{.State.Status}}', `${this.name}-${service}-1`)
  }

  stop(service: string): Promise<string> {
    return docker(this.host, 'stop', `${this.name}-${service}-1`)
  }

  async start(service: string): Promise<void> {
    await docker(this.host, 'start', `${this.name}-${service}-1`)
  }

  sql(query: string): Promise<string> {
    return this.in('db', 'psql', '-U', 'lab', '-d', 'lab', '-qtA', '-c', query)
  }

  shell(service: string, script: string): Promise<string> {
    return this.in(service, 'sh', '-c', script)
  }

  s3(method: 'GET' | 'PUT', path: string, body = ''): Promise<string> {
    return this.in('s3', 'python3', '-c', S3_CLIENT, method, path, body)
  }

  /** Puts the number into every kind of data. */
  async fill(number: number): Promise<void> {
    await this.sql(`CREATE TABLE IF NOT EXISTS ledger (n bigint PRIMARY KEY); INSERT INTO ledger VALUES (${number})`)
    await this.in('cache', 'redis-cli', 'SET', `key-${number}`, `value ${number}`)
    await this.s3('PUT', '/results')
    await this.s3('PUT', `/results/object-${number}`, String(number))
    await this.shell(
      'app',
      `echo ${number} >/srv/files/.hidden-${number}; mkdir -p /srv/files/d; echo ${number} >/srv/files/d/${number}; chown 1234:5678 /srv/files/d/${number}`,
    )
  }

  /** What of all the numbers is in every kind of data, with the owners of files. */
  async contents() {
    const keys = await this.in('cache', 'redis-cli', '--raw', 'KEYS', '*')
    return {
      rows: await this.sql('SELECT n FROM ledger ORDER BY n'),
      tables: await this.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
      ),
      keys: keys.split('\n').toSorted().join(' '),
      objects: [...(await this.s3('GET', '/results')).matchAll(/<Key>(.*?)<.Key>/g)].map(([, key]) => key).join(' '),
      object: await this.s3('GET', '/results/object-1'),
      files: await this.shell('app', 'cd /srv/files && find . -type f | sort | xargs -r stat -c "%n %u:%g"'),
    }
  }

  /** The numbers that a writer was told are written. */
  async acknowledged(service: string): Promise<readonly number[]> {
    const log = await docker(this.host, 'logs', `${this.name}-${service}-1`)
    return log.split('\n').filter(Boolean).map(Number)
  }

  containers(): Promise<readonly string[]> {
    return this.project.containers()
  }

  /** Names of containers that runs of this store made beside the stack, and that are still there. */
  async scratch(): Promise<readonly string[]> {
    const runs = this.world.events.flatMap((event) => (event.type === 'run.started' ? [event.run] : []))
    const names = (await docker(this.host, 'ps', '-a', '--format', '{{.Names}}')).split('\n')
    return names.filter((name) => runs.some((run) => name.includes(run)))
  }

  /** Prints what there is to say of each container: why a test failed is not known later. */
  async tell(): Promise<void> {
    for (const service of ['app', 'db', 'cache', 's3']) {
      const name = `${this.name}-${service}-1`
      const state = await docker(this.host, 'inspect', '-f', '{{json .State}}', name).catch(String)
      const { stdout: log } = await promisify(execFile)(
        'sh',
        ['-c', 'exec "$0" logs --timestamps --tail 15 "$1" 2>&1', lab.docker, name],
        { env: { ...process.env, DOCKER_HOST: this.host } },
      ).catch((thrown) => ({ stdout: String(thrown) }))
      process.stderr.write(`${name} ${state}\n${log}\n`)
    }
  }

  async remove(): Promise<void> {
    await this.project.remove()
    await this.world.remove()
  }
}
