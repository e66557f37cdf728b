import { type OperationId, operationId } from '../../../kernel/plan.ts'
import { type DesiredContainer, parentsOf } from './desired.ts'

/** The operation after which a condition of `depends_on` holds. */
const FULFILS = {
  service_started: 'container.start',
  service_healthy: 'container.awaitHealthy',
  service_completed_successfully: 'container.awaitCompleted',
} as const

/** Who among the wanted containers depends on whom, in terms of their keys and operations. */
export class DesiredGraph {
  readonly #desired: readonly DesiredContainer[]
  readonly #outliving: ReadonlySet<string>

  /** `outliving`: keys of containers that go on serving while what they depend on is replaced. */
  constructor(desired: readonly DesiredContainer[], outliving: ReadonlySet<string> = new Set()) {
    this.#desired = desired
    this.#outliving = outliving
  }

  keysOf(service: string): readonly string[] {
    return this.#desired.filter((container) => container.service.name === service).map(({ key }) => key)
  }

  /** The containers whose network or volumes this one shares. */
  parentKeys({ service }: DesiredContainer): readonly string[] {
    return parentsOf(service).flatMap((name) => this.keysOf(name))
  }

  /** Containers that are there, depend on a service, and stop before it does. */
  dependentsOf(service: string): readonly string[] {
    return this.#desired
      .filter((container) => container.service.dependsOn[service] !== undefined && container.existing !== undefined)
      .map(({ key }) => key)
      .filter((key) => !this.#outliving.has(key))
  }

  /** What must have happened to the dependencies of a container before it starts. */
  startsAfter(container: DesiredContainer): readonly OperationId[] {
    const conditions = Object.entries(container.service.dependsOn).flatMap(([name, { condition }]) =>
      this.keysOf(name).map((key) => operationId(FULFILS[condition], key)),
    )
    return [...conditions, ...this.parentKeys(container).map((key) => operationId('container.start', key))]
  }

  /** Services that are replaced and that a container wants to be restarted with. */
  restartsWith({ service }: DesiredContainer): readonly string[] {
    return Object.entries(service.dependsOn)
      .filter(([name, { restart }]) => restart && this.#isReplaced(name))
      .map(([name]) => name)
  }

  #isReplaced(service: string): boolean {
    return this.#desired.some((one) => one.service.name === service && one.verdict.kind === 'recreate')
  }
}
