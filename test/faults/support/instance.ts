import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { parseDocument } from 'yaml'
import { type Finished, type Started, startDdalab } from '../../cli/run-cli.ts'
import { labImages } from '../../lab/lab.ts'
import { freePort } from '../../support/ports.ts'
import { Project } from './project.ts'
import { faultTemplates } from './template.ts'

export interface InstanceOptions {
  readonly template?: string
  readonly settings?: readonly string[]
  /** The value of each secret, by its path in the config. */
  readonly secrets?: { readonly [path: string]: string }
  /** Files of the home before `init`, in place of the templates of these tests. */
  readonly files?: { readonly [path: string]: string }
  /** A directory in place of a new one. */
  readonly home?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Where a template has the port that it publishes. */
const PORT_SETTING: { readonly [template: string]: string } = {
  demo: 'parameters.WEB_PORT',
  small: 'parameters.PORT',
  full: 'parameters.PORT',
  routed: 'ingress.httpPort',
  fronted: 'ingress.httpPort',
  ddalab: 'ingress.httpPort',
}

/** One instance on one engine, with a home, a name and a port of its own, driven through the program as a child process. */
export class Instance {
  readonly name: string
  readonly home: string
  readonly port: number
  readonly project: Project
  readonly #host: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(host: string, home: string, port: number, env: NodeJS.ProcessEnv, name?: string) {
    this.#host = host
    this.home = home
    this.port = port
    this.name = name ?? `faults-${randomUUID().slice(0, 8)}`
    this.project = new Project(host, this.name)
    this.#env = { DDALAB_HOME: home, DOCKER_HOST: host, ...env }
  }

  /** With its config written by `init`. */
  static async on(host: string, options: InstanceOptions = {}): Promise<Instance> {
    const { template = 'small', settings = [], secrets = {}, files = faultTemplates, env = {} } = options
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'ddalab-faults-')))
    const instance = new Instance(host, home, await freePort(), env)
    const given = Object.entries(secrets).map(([path, value]) => [`secrets/${path}`, value] as const)
    for (const [path, content] of [...Object.entries(files), ...given]) {
      await mkdir(dirname(join(home, path)), { recursive: true })
      await writeFile(join(home, path), content)
    }
    const set = [`${PORT_SETTING[template]}=${instance.port}`, `docker.image=${labImages.busybox}`, ...settings]
    const flags = [
      ...set.flatMap((setting) => ['--set', setting]),
      ...Object.keys(secrets).flatMap((path) => ['--set-file', `${path}=${join(home, 'secrets', path)}`]),
    ]
    await instance.succeed('init', '--template', template, ...flags)
    await rm(join(home, 'secrets'), { recursive: true, force: true })
    return instance
  }

  /** The same instance, in another environment of the program. */
  with(env: NodeJS.ProcessEnv): Instance {
    return new Instance(this.#host, this.home, this.port, { ...this.#env, ...env }, this.name)
  }

  get directory(): string {
    return join(this.home, 'instances', this.name)
  }

  get config(): string {
    return join(this.directory, 'deployment-config.yml')
  }

  start(command: string, ...args: readonly string[]): Started {
    return startDdalab([...command.split(' '), '-i', this.name, ...args], { env: this.#env })
  }

  run(command: string, ...args: readonly string[]): Promise<Finished> {
    return this.start(command, ...args).finished
  }

  /** Runs it, and fails with all that it said when it does not end with 0. */
  async succeed(command: string, ...args: readonly string[]): Promise<Finished> {
    const finished = await this.run(command, ...args)
    const said = `ddalab ${command} ${args.join(' ')}: ${finished.stdout}${finished.stderr}`
    expect(finished, said).toMatchObject({ code: 0 })
    return finished
  }

  /** The object that `--json` prints, with the exit code beside it. */
  async answer(command: string, ...args: readonly string[]) {
    const { stdout, code } = await this.run(command, ...args, '--json')
    return { code, ...JSON.parse(stdout) }
  }

  /** Changes a value of the config, as a person with an editor does; undefined takes it out. */
  async set(path: string, value: unknown): Promise<void> {
    const document = parseDocument(await readFile(this.config, 'utf8'))
    if (value === undefined) document.deleteIn(path.split('.'))
    else document.setIn(path.split('.'), value)
    await writeFile(this.config, document.toString())
  }

  /** Names of all files of the instance directory, relative. */
  async files(): Promise<readonly string[]> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    return files.map((file) => file.slice(this.directory.length + 1)).sort()
  }

  async modeOf(file: string): Promise<string> {
    return ((await stat(join(this.directory, file))).mode & 0o777).toString(8)
  }

  /** What is there, apart from volumes and from the records of what was done: what an undone change must not alter. */
  async snapshot() {
    const all = await this.files()
    const rendered = all.filter(
      (file) => !/^(journal|lease|releases|updates|config-backups|backups)\/|^deployment-config/.test(file),
    )
    const describe = async (file: string) => {
      const content = await readFile(join(this.directory, file))
      return `${file} ${await this.modeOf(file)} ${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
    }
    return {
      containers: await this.project.containers(),
      networks: await this.project.networks(),
      files: await Promise.all(rendered.map(describe)),
    }
  }

  /** Nothing of an interrupted change is left: no open journal, copy of a file, temporary file or container, no lease. */
  async expectTidy(): Promise<void> {
    const files = await this.files()
    const suspect = files.filter((file) => /\.open\.ndjson$|^journal\/backups|\.tmp$/.test(file))
    // A journal that is complete gets its name with the next run, where the power went in between.
    const end = /"type":"end","result":"(committed|rolled-back)".*\n$/
    const texts = await Promise.all(suspect.map((file) => readFile(join(this.directory, file), 'utf8')))
    const left = suspect.filter((file, index) => !file.endsWith('.open.ndjson') || !end.test(texts[index] ?? ''))
    const containers = (await this.project.containers()).filter((line) => /^[0-9a-f]{12}_/.test(line))
    expect({ left, containers }).toEqual({ left: [], containers: [] })
    const lease = files.filter((file) => file.startsWith('lease/')).at(-1)
    if (lease !== undefined) expect(await readFile(join(this.directory, lease), 'utf8')).toContain('released')
  }

  /** Everything goes: containers, networks, volumes, files. */
  async remove(): Promise<void> {
    await this.project.remove()
    await this.forget()
  }

  /** The files alone, where the engine is gone. */
  async forget(): Promise<void> {
    await rm(this.home, { recursive: true, force: true })
  }
}

export interface Told {
  readonly type: string
  readonly [field: string]: unknown
}

/** The lines that `--events` prints. */
export function eventsIn({ stdout }: Finished): readonly Told[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line): Told => JSON.parse(line))
}

/** The text in the line of an event by which an operation begins; the beginning of its id is enough. */
export const begins = (operation: string) => `"type":"operation.started","operation":"${operation}`
