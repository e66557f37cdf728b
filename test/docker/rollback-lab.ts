import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseDocument } from 'yaml'
import { deploy } from '../../src/core/actions/deploy.ts'
import { destroy } from '../../src/core/actions/destroy.ts'
import { init } from '../../src/core/actions/init.ts'
import { locateInstance } from '../../src/core/actions/open.ts'
import { plan } from '../../src/core/actions/plan.ts'
import { releases } from '../../src/core/actions/releases.ts'
import { rollback } from '../../src/core/actions/rollback/rollback.ts'
import { status } from '../../src/core/actions/status.ts'
import { lab, labImages } from '../lab/lab.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

const TEMPLATE = `name: pages
title: Pages
description: A service that is well unless its data has what it cannot read.
main: web
parameters:
  - { name: IMAGE, config: docker.image, description: Any image with a shell }
  - { name: TITLE, description: what it says }
defaults:
  all:
    parameters: { TITLE: none }
`

/** Poison in the volume is what the version that is named in it cannot read. */
const COMPOSE = `services:
  web:
    image: \${IMAGE}
    command: [sh, -c, 'if grep -q "$$TITLE" /data/poison 2>/dev/null; then exit 1; fi; touch /tmp/well; exec sleep 600']
    environment: { TITLE: "\${TITLE}" }
    stop_signal: SIGKILL
    volumes: ["data:/data"]
    healthcheck: { test: [CMD, test, -e, /tmp/well], interval: 500ms, timeout: 2s, retries: 3 }
    deploy: { update_config: { monitor: 200ms } }
volumes: { data: }
`

/** An instance with images of its own, on one engine. */
export class RollbackLab {
  readonly world: TestWorld
  readonly host: string
  readonly target = { instance: `rollback-${randomUUID().slice(0, 8)}` }

  private constructor(world: TestWorld, host: string) {
    this.world = world
    this.host = host
  }

  static async on(host: string): Promise<RollbackLab> {
    const world = await testWorld(host)
    const directory = join(world.directory, 'templates', 'pages')
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'template.yml'), TEMPLATE)
    writeFileSync(join(directory, 'compose.yml'), COMPOSE)
    return new RollbackLab(world, host)
  }

  get name(): string {
    return this.target.instance
  }

  get file(): string {
    return locateInstance(this.world, this.target).paths.config
  }

  get paths() {
    return locateInstance(this.world, this.target).paths
  }

  docker = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(lab.docker, ['-H', this.host, ...args])
    return stdout.trim()
  }

  compose = async (...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, DOCKER_HOST: this.host }
    const { stdout } = await promisify(execFile)(lab.compose, ['-p', this.name, ...args], {
      env,
      cwd: this.paths.directory,
    })
    return stdout.trim()
  }

  /** A new image under that name. Answers its id. */
  async build(reference: string, content = reference): Promise<string> {
    const scratch = `scratch-${randomUUID()}`
    await this.docker('create', '--name', scratch, labImages.busybox)
    const id = await this.docker('commit', '--change', `LABEL content=${content}-${randomUUID()}`, scratch, reference)
    await this.docker('rm', scratch)
    return id
  }

  async exists(image: string): Promise<boolean> {
    return this.docker('image', 'inspect', '--format', '{{.Id}}', image).then(
      () => true,
      () => false,
    )
  }

  idOf = (image: string): Promise<string> => this.docker('image', 'inspect', '--format', '{{.Id}}', image)

  init = (image: string, title: string) =>
    init(this.world, this.target, {
      template: 'pages',
      set: [`docker.image=${image}`, `parameters.TITLE=${title}`],
    })

  text = () => readFile(this.file, 'utf8')

  /** As a person with an editor does. */
  async set(path: string, value: unknown): Promise<void> {
    const document = parseDocument(await this.text())
    document.setIn(path.split('.'), value)
    await writeFile(this.file, document.toString())
  }

  async deploy(image?: string, title?: string): Promise<void> {
    if (image !== undefined) await this.set('docker.image', image)
    if (title !== undefined) await this.set('parameters.TITLE', title)
    await deploy(this.world, this.target, {})
  }

  rollback = (word?: string) => rollback(this.world, this.target, word, {})

  /** Kinds of what a deploy would do now. */
  async left(): Promise<readonly string[]> {
    return (await plan(this.world, this.target, { pull: false })).plan.operations.map(({ kind }) => kind)
  }

  /** What runs: the title that it was told, its image, its container. */
  async runs() {
    const [container] = (await status(this.world, this.target)).status.services[0]?.containers ?? []
    if (container === undefined) return undefined
    const format = '{{.Image}} {{range .Config.Env}}{{println .}}{{end}}'
    const said = await this.docker('inspect', '--format', format, container.id)
    return {
      id: container.id,
      state: container.state,
      image: said.split(' ')[0],
      title: /^(?:.* )?TITLE=(.*)$/m.exec(said)?.[1],
    }
  }

  /** `r-0001 current` and so on. */
  async states(): Promise<readonly string[]> {
    return (await releases(this.world, this.target)).map(
      ({ release: { id }, current, rollbackPoint }) =>
        `${id} ${current ? 'current' : rollbackPoint ? 'point' : 'pruned'}`,
    )
  }

  /** Containers that keep images, and tags that do. */
  async kept(): Promise<{ readonly containers: readonly string[]; readonly tags: readonly string[] }> {
    const lines = (text: string) => text.split('\n').filter(Boolean).sort()
    const filter = `label=io.ddalab.keeps=${this.name}`
    return {
      containers: lines(await this.docker('ps', '--all', '--filter', filter, '--format', '{{.Image}}')),
      tags: lines(await this.docker('images', '--format', '{{.Repository}}:{{.Tag}}')).filter((tag) =>
        tag.includes(`:ddalab-keeps-${this.name}-`),
      ),
    }
  }

  async remove(): Promise<void> {
    await destroy(this.world, this.target, { volumes: true }).catch(() => undefined)
    const own = await this.docker('images', '--format', '{{.Repository}}:{{.Tag}}')
    for (const tag of own.split('\n').filter((line) => line.includes(this.name))) {
      await this.docker('rmi', '--force', tag).catch(() => undefined)
    }
    await this.world.remove()
  }
}
