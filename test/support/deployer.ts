import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createEventBus,
  execute,
  type JournalStore,
  newRunId,
  type RunReport,
  recover,
  type StampedEvent,
} from '../../src/core/kernel/index.ts'
import {
  DockerProvider,
  type ObservedContainer,
  type PlanResult,
  planDeploy,
  planDestroy,
} from '../../src/core/providers/docker/index.ts'
import type { Stack } from '../../src/core/stack/model.ts'
import { createJournalStore } from '../../src/core/state/index.ts'

/** Deploys stacks on a real engine by the road of the product, without config and template. One project of its own. */
export class Deployer {
  readonly provider: DockerProvider
  readonly directory: string
  readonly events: StampedEvent[] = []
  #last: Stack | undefined

  readonly journals: JournalStore

  private constructor(provider: DockerProvider, directory: string, journals: JournalStore) {
    this.provider = provider
    this.directory = directory
    this.journals = journals
  }

  /** `directory` and `around` are for a process that dies where another one goes on. */
  static async on(
    host: string,
    {
      directory,
      around = (store) => store,
    }: { directory?: string; around?: (store: JournalStore) => JournalStore } = {},
  ): Promise<Deployer> {
    const place = directory ?? (await mkdtemp(join(tmpdir(), 'ddalab-deploy-')))
    const provider = await DockerProvider.connect({
      platform: process.platform,
      home: homedir(),
      environment: { DOCKER_HOST: host },
    })
    return new Deployer(provider, place, around(createJournalStore(join(place, 'journal'))))
  }

  async plan(stack: Stack): Promise<PlanResult> {
    return planDeploy(this.#placed(stack), await this.provider.observe(this.#placed(stack), { pull: false }))
  }

  async deploy(stack: Stack, signal?: AbortSignal): Promise<RunReport> {
    const placed = this.#placed(stack)
    this.#last = placed
    const { plan, problems } = await this.plan(stack)
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
    return this.#execute(placed, plan, signal)
  }

  async destroy(volumes = true): Promise<void> {
    if (this.#last === undefined) return
    const observation = await this.provider.observe(this.#last, { pull: false })
    await this.#execute(this.#last, planDestroy(this.#last, observation, { volumes }))
  }

  /** What the next command does first. */
  async recover(): Promise<RunReport | undefined> {
    return recover({ ...(await this.#surroundings(undefined)), journals: this.journals })
  }

  containers(stack: Stack): Promise<readonly ObservedContainer[]> {
    return this.provider.containers(stack.project)
  }

  async container(stack: Stack, service: string): Promise<ObservedContainer> {
    const found = (await this.containers(stack)).filter((container) => container.service === service)
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} containers of ${service}`)
    return found[0]
  }

  async close(): Promise<void> {
    await this.destroy()
    await this.provider.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  #placed(stack: Stack): Stack {
    return { ...stack, workingDir: this.directory }
  }

  async #surroundings(stack: Stack | undefined) {
    const bus = createEventBus(() => new Date())
    bus.subscribe((event) => this.events.push(event))
    return {
      handlers: await this.provider.handlers({
        stack,
        workingDir: this.directory,
        backupDir: join(this.directory, 'journal', 'backups'),
      }),
      sink: bus,
      now: () => new Date(),
    }
  }

  async #execute(stack: Stack, plan: PlanResult['plan'], signal?: AbortSignal): Promise<RunReport> {
    return execute(plan, {
      ...(await this.#surroundings(stack)),
      run: newRunId(new Date(), randomUUID()),
      command: 'test',
      journals: this.journals,
      ...(signal !== undefined && { signal }),
    })
  }
}
