import type { Problem } from '../../../errors.ts'
import { operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import { DDALAB } from '../labels.ts'
import { isUp, type Observation, type ObservedContainer } from '../observation.ts'
import { PlanBuilder } from './builder.ts'
import { ContainerSteps } from './container-steps.ts'
import { type DesiredContainer, desiredContainers, fingerprint } from './desired.ts'
import { DesiredGraph } from './desired-graph.ts'
import { expectedDowntime } from './downtime.ts'
import { fileOperations } from './files.ts'
import { formerFate, formerService } from './former-service.ts'
import { type Front, runningFront } from './front.ts'
import { preflight } from './preflight.ts'
import { ReplaceSteps } from './replace-steps.ts'
import { resourceSteps } from './resource-steps.ts'
import { outliving, rolloutsOf } from './rollouts.ts'

/** Seconds until what stops is there again under another name; a rule of thumb for the forecast. */
const RETIRED = 2

export interface PlanResult {
  readonly plan: Plan
  /** What stands in the way; a plan with problems is shown and never carried out. */
  readonly problems: readonly Problem[]
  /** Worth knowing, not in the way: a container of the project that nobody owns. */
  readonly warnings: readonly string[]
}

export interface PlanOptions {
  /** The command that asks for it. */
  readonly action?: string
  /** Keep watching what replaces something once it is healthy; not for what has served before. */
  readonly watch?: boolean
}

/**
 * The plan that brings what is observed to what the stack wants. Pure: the same arguments give the same plan.
 *
 * Everything that can be done while the old containers still run (files, pulls, networks, volumes, creation of the new
 * containers) comes before the first of them stops (rule 14). Old containers are stopped, not removed, until the verdict.
 */
export function planDeploy(
  stack: Stack,
  observation: Observation,
  { action = 'deploy', watch = true }: PlanOptions = {},
): PlanResult {
  const desired = desiredContainers(stack, observation)
  const front = runningFront(stack, observation, desired)
  let made: string | undefined
  const unknown = strangers(stack, observation)
  return {
    plan: {
      instance: stack.project,
      action,
      // Where there is nothing to do nobody asks for it.
      get fingerprint() {
        made ??= fingerprint(stack, observation)
        return made
      },
      operations: operations(stack, observation, { desired, front, unknown, watch }),
      downtime: [
        ...desired.flatMap((container) => expectedDowntime(stack, container, front)),
        ...retired(stack, observation, unknown),
      ],
    },
    problems: preflight(stack, observation, desired),
    warnings: unknown.map((container) => {
      const former = formerService(stack, observation, container)
      const fate = former === undefined ? 'it is left alone.' : formerFate(former)
      return `The container "${container.name}" carries this project's name but is no part of the stack; ${fate}`
    }),
  }
}

/** Former services that stop: what does their work instead starts after that. */
function retired(stack: Stack, observation: Observation, unknown: readonly ObservedContainer[]): Plan['downtime'] {
  return unknown.filter(isUp).flatMap((container) => {
    const former = formerService(stack, observation, container)
    return former === undefined ? [] : [{ service: container.service, expected: RETIRED, why: former.cause }]
  })
}

/** Containers of the project that are neither wanted nor made by us. */
function strangers(stack: Stack, { containers }: Observation): readonly ObservedContainer[] {
  return containers.filter(
    ({ service, labels }) => stack.services[service] === undefined && labels[DDALAB.specHash] === undefined,
  )
}

interface Decided {
  readonly desired: readonly DesiredContainer[]
  readonly front: Front | undefined
  readonly unknown: readonly ObservedContainer[]
  readonly watch: boolean
}

function operations(
  stack: Stack,
  observation: Observation,
  { desired, front, unknown, watch }: Decided,
): Plan['operations'] {
  const builder = new PlanBuilder()
  const rollouts = rolloutsOf(stack, desired, front)
  const graph = new DesiredGraph(desired, outliving(rollouts))
  const steps = new ContainerSteps(stack, graph, builder)

  fileOperations(stack, observation, desired, builder)
  resourceSteps(stack, observation, desired, builder)
  for (const container of desired) steps.bring(container)
  new ReplaceSteps(rollouts, front, { builder, steps, watch }).build()
  for (const container of surplus(observation, desired, unknown)) steps.remove(container)
  for (const container of unknown) {
    const former = formerService(stack, observation, container)
    if (former !== undefined) steps.retire(container, former)
  }
  for (const container of desired) {
    const replaced = container.verdict.kind === 'keep' ? graph.restartsWith(container) : []
    if (container.existing !== undefined && replaced.length > 0)
      steps.restartWith(container, container.existing, replaced)
  }
  stopAfterPreparation(builder)
  serialiseRanges(desired, builder)
  return builder.build()
}

/** Containers of ours that the stack does not want, leftovers of interrupted runs among them. */
function surplus(
  { containers }: Observation,
  desired: readonly DesiredContainer[],
  unknown: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  const wanted = new Set(desired.map(({ existing }) => existing?.id))
  return containers.filter((container) => !wanted.has(container.id) && !unknown.includes(container))
}

/** Nothing that runs is stopped before all preparation has succeeded. */
function stopAfterPreparation(builder: PlanBuilder): void {
  const preparation = builder.idsOf('image.pull', 'network.create', 'volume.create', 'file.write', 'container.create')
  for (const step of builder.idsOf('traffic.hold', 'container.stop')) builder.order(step, ...preparation)
}

/** The engine allocates ports from ranges racily: such starts come one after the other. */
function serialiseRanges(desired: readonly DesiredContainer[], builder: PlanBuilder): void {
  const starts = desired
    .filter(({ service }) => service.ports.some(({ published }) => published?.includes('-')))
    .map(({ key }) => operationId('container.start', key))
  starts.forEach((start, index) => {
    const previous = starts[index - 1]
    if (previous !== undefined) builder.order(start, previous)
  })
}
