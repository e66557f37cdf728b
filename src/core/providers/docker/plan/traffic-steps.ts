import type { Json, OperationId } from '../../../kernel/plan.ts'
import { ingressFiles, reloadFor, type Upstreams } from '../../../stack/ingress/index.ts'
import type { PlanBuilder } from './builder.ts'
import type { Front } from './front.ts'

export interface Switch {
  readonly service: string
  /** Tells one switch of a service from the next. */
  readonly step: string
  /** Names of containers. */
  readonly names: readonly string[]
  /** Those that get what these are not there to take: they run until the verdict. */
  readonly former?: readonly string[]
  /** What has made the containers that serve from now on, and did not before. */
  readonly brought?: readonly OperationId[]
  readonly cause: string
  readonly after: readonly OperationId[]
}

/**
 * Where the ingress sends requests while services behind it are replaced. A name of the engine's DNS stands for all
 * containers of a service, also for those that are not ready; so names of single containers are written meanwhile, and the
 * services' own names again when all is done: at rest, the file is what the stack alone says.
 */
export class TrafficSteps {
  readonly #front: Front
  readonly #builder: PlanBuilder
  readonly #upstreams = new Map<string, readonly string[]>()
  /** What served before the last switch of a service, and still could. */
  readonly #former = new Map<string, readonly string[]>()
  /** Content by path, as the steps so far leave it. */
  readonly #written: Map<string, string>
  /** Each switch is written over the one before. */
  #last: OperationId

  /** `serving`: the names of the containers that serve now, by service. */
  constructor(front: Front, serving: ReadonlyMap<string, readonly string[]>, builder: PlanBuilder) {
    this.#front = front
    this.#builder = builder
    const { kind, input } = front.ingress
    this.#written = new Map(ingressFiles(kind, input).map(({ path, content }) => [path, content]))
    for (const [service, names] of serving) this.#upstreams.set(service, names)
    this.#last = this.#builder.add({
      kind: 'traffic.hold',
      subject: front.ingress.service,
      resource: `ingress ${front.ingress.service}`,
      cause: `${[...serving.keys()].join(', ')} changes`,
      effect: 'keep sending requests to what serves now',
      input: { ...this.#routes(), brought: [] },
    })
    this.hold = this.#last
  }

  /** After this step, no request comes to a container that is new. */
  readonly hold: OperationId

  /** Sends the requests for a service to other containers. */
  switch({ service, step, names, former = [], brought = [], cause, after }: Switch): OperationId {
    this.#upstreams.set(service, names)
    this.#former.set(service, former)
    this.#last = this.#builder.add({
      kind: 'traffic.switch',
      subject: step,
      resource: `ingress ${this.#front.ingress.service}`,
      cause,
      effect: `send requests for ${service} to ${names.join(', ')}`,
      after: [this.#last, ...after],
      input: { ...this.#routes(), brought },
    })
    return this.#last
  }

  /** Waits until the requests in flight of a container have ended. `limit`: ms. */
  drain(
    key: string,
    container: { readonly id: string; readonly name: string },
    limit: number,
    step: { readonly phase: 'apply' | 'commit'; readonly after: readonly OperationId[] },
  ): OperationId {
    return this.#builder.add({
      kind: 'traffic.drain',
      subject: key,
      resource: `container ${container.name}`,
      cause: 'it serves no new requests',
      effect: 'let the requests in flight end',
      ...step,
      input: { ingress: this.#front.id, id: container.id, limit },
    })
  }

  /** The services' own names again, once only the new containers bear them. */
  settle(after: readonly OperationId[]): void {
    this.#builder.add({
      kind: 'traffic.settle',
      subject: this.#front.ingress.service,
      resource: `ingress ${this.#front.ingress.service}`,
      cause: 'the switch is over',
      effect: 'send requests to the services by their names',
      phase: 'commit',
      after,
      input: this.#routes({}, {}),
    })
  }

  /**
   * The files that change, and what makes the ingress take them up. Routes hold no secrets: they go through the plan, and a run
   * that was killed can be finished from its journal.
   */
  #routes(
    upstreams: Upstreams = Object.fromEntries(this.#upstreams),
    former: Upstreams = Object.fromEntries(this.#former),
  ): { readonly [key: string]: Json } {
    const { id, ingress } = this.#front
    const files = ingressFiles(ingress.kind, ingress.input, upstreams, former).map(({ path, content }) => ({
      path,
      content,
    }))
    const changed = files.filter(({ path, content }) => this.#written.get(path) !== content)
    for (const { path, content } of changed) this.#written.set(path, content)
    const reload = reloadFor(
      ingress.kind,
      changed.map(({ path }) => path),
    )
    return { id, files: changed, reload }
  }
}
