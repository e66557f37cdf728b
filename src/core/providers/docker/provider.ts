import { setTimeout } from 'node:timers/promises'
import { readFileIfExists } from '../../files.ts'
import type { Handlers } from '../../kernel/index.ts'
import type { Stack } from '../../stack/model.ts'
import {
  CHANGES,
  connect,
  dockerConfigFolder,
  type EndpointFacts,
  type Engine,
  type EngineEvent,
  EventHub,
  type FoundCredentials,
  parseReference,
  registryAuth,
  resolveEndpoints,
  runCredentialHelper,
} from './client/index.ts'
import { findComposePlugin } from './compose-hash.ts'
import type { HandlerOptions } from './handlers.ts'
import { freeBytes } from './host.ts'
import { KeptImages } from './kept-images.ts'
import { COMPOSE } from './labels.ts'
import type { EngineFacts, Observation, ObservedContainer, ObservedImage } from './observation.ts'
import { engineFacts, type Listing, type LookOptions, listAll, observe, observeProject } from './observe.ts'
import { observedImage } from './observed.ts'
import { type ComposeProject, type ContainerFacts, composeProjects, projectContainers } from './projects.ts'

/** The image that a service of a project runs now. */
export interface RunningImage {
  readonly reference: string
  readonly imageId: string
  readonly digest?: string
}

/** ms for a registry to say whether it has an image, where only the wording of an error depends on it. */
const REGISTRY_PATIENCE = 3_000

/** Where stacks run by default: one Docker engine. */
export class DockerProvider {
  readonly engine: Engine
  readonly #facts: EndpointFacts
  readonly #hub: EventHub
  #engineFacts: Promise<EngineFacts> | undefined

  private constructor(engine: Engine, facts: EndpointFacts) {
    this.engine = engine
    this.#facts = facts
    this.#hub = new EventHub(engine, pause)
  }

  /** Errors: CONTEXT_INVALID, ENGINE_UNREACHABLE, ENGINE_FORBIDDEN, ENGINE_TOO_OLD. */
  static async connect(facts: EndpointFacts): Promise<DockerProvider> {
    const endpoints = await resolveEndpoints(facts, readFileIfExists)
    return new DockerProvider(await connect(endpoints, facts.platform), facts)
  }

  /** Asks the engine already for what depends on the project alone, for `observe`; a failure is told there. */
  lookAhead(project: string): Listing {
    const listing = listAll(this.engine, project)
    for (const asked of Object.values(listing)) asked.catch(() => undefined)
    return listing
  }

  /** Everything a plan needs to know. */
  observe(stack: Stack, { pull, takenOver, ahead, onlyRunning }: LookOptions): Promise<Observation> {
    const facts = onlyRunning === true ? undefined : this.facts()
    const seen = { facts, listing: ahead ?? listAll(this.engine, stack.project), takenOver }
    if (!pull) return observe(this.engine, stack, seen)
    return observe(this.engine, stack, {
      ...seen,
      registryDigest: async (reference) => {
        const { auth } = await this.#credentials(reference)
        return (await this.engine.images.distribution(reference, auth)).Descriptor.digest
      },
    })
  }

  /** The containers of a project. */
  containers(project: string): Promise<readonly ObservedContainer[]> {
    return observeProject(this.engine, project)
  }

  /** What changes in the containers of a project from now on, until the signal fires. Errors: ENGINE_GONE. */
  events(project: string, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> {
    return this.engine.events({ type: ['container'], event: CHANGES, labels: { [COMPOSE.project]: project } }, signal)
  }

  /** The Compose projects of this engine, whoever made them. */
  projects(): Promise<readonly ComposeProject[]> {
    return composeProjects(this.engine)
  }

  /** The containers of a project as they were created. */
  projectContainers(project: string): Promise<readonly ContainerFacts[]> {
    return projectContainers(this.engine, project)
  }

  /** `repository@sha256:...`, or the id of an image that no registry knows. */
  async imageDigest(imageId: string): Promise<string> {
    const image = await this.engine.images.inspect(imageId)
    return image?.RepoDigests[0] ?? imageId
  }

  /** What each service of a project runs: the images of a release. */
  async runningImages(project: string): Promise<{ readonly [service: string]: RunningImage }> {
    const containers = await this.containers(project)
    const images = await Promise.all(
      containers.map(async ({ service, image, imageId }) => {
        const digest = await this.imageDigest(imageId)
        return [service, { reference: image, imageId, ...(digest !== imageId && { digest }) }] as const
      }),
    )
    return Object.fromEntries(images)
  }

  /** Images by their ids; null for those that the engine does not have. */
  async imagesById(ids: Iterable<string>): Promise<{ readonly [id: string]: ObservedImage | null }> {
    const found = await Promise.all(
      [...new Set(ids)].map(async (id): Promise<[string, ObservedImage | null]> => {
        const image = await this.engine.images.inspect(id)
        return [id, image === undefined ? null : observedImage(image)]
      }),
    )
    return Object.fromEntries(found)
  }

  /** Whether its registry has an image now; false also where that cannot be found out soon. */
  async canPull(reference: string): Promise<boolean> {
    const asked = this.#credentials(reference).then(({ auth }) => this.engine.images.distribution(reference, auth))
    const patience = new AbortController()
    try {
      return await Promise.race([
        asked.then(
          () => true,
          () => false,
        ),
        pause(REGISTRY_PATIENCE, patience.signal).then(() => false),
      ])
    } finally {
      patience.abort()
    }
  }

  /** Keeps the images of an instance's rollback points. */
  imageKeeper(instance: string): KeptImages {
    return new KeptImages(this.engine, instance)
  }

  /** Who carries out the operations of a plan: loaded on use. */
  async handlers(options: HandlerOptions): Promise<Handlers> {
    const { handlersOf } = await import('./handlers.ts')
    return handlersOf({
      ...options,
      engine: this.engine,
      hub: this.#hub,
      facts: () => this.facts(),
      composePlugin: () => this.composePlugin(),
      credentials: (reference) => this.#credentials(reference),
      pause,
    })
  }

  /** What to show the registry of an image; never logged (rule 21). */
  #credentials(reference: string): Promise<FoundCredentials> {
    return registryAuth(parseReference(reference).registry, {
      folder: dockerConfigFolder(this.#facts),
      platform: this.#facts.platform,
      read: readFileIfExists,
      runHelper: runCredentialHelper,
    })
  }

  /** What the engine is: asked once. */
  facts(): Promise<EngineFacts> {
    this.#engineFacts ??= engineFacts(this.engine)
    return this.#engineFacts
  }

  /** Free bytes where the engine keeps images and volumes; undefined where that is not this machine or may not be asked. */
  async freeSpace(): Promise<number | undefined> {
    const { local } = await this.facts()
    return local ? freeBytes((await this.engine.info()).DockerRootDir) : undefined
  }

  /** What the engine's machine has for containers: processors, bytes of memory. */
  async capacity(): Promise<{ readonly cpus: number; readonly memory: number }> {
    const { NCPU, MemTotal } = await this.engine.info()
    return { cpus: NCPU, memory: MemTotal }
  }

  composePlugin(): Promise<string | undefined> {
    return findComposePlugin(dockerConfigFolder(this.#facts), this.#facts.platform)
  }

  async close(): Promise<void> {
    await this.#hub.close()
    this.engine.close()
  }
}

const pause = (milliseconds: number, signal?: AbortSignal) =>
  setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal })
