import { ingressFiles } from '../../../stack/ingress/index.ts'
import type { Service, Stack, StackIngress } from '../../../stack/model.ts'
import type { Observation } from '../observation.ts'
import type { DesiredContainer } from './desired.ts'

/** The ingress, when it goes on running with the routes it has while what is behind it is replaced. */
export interface Front {
  readonly id: string
  readonly ingress: StackIngress
}

/** Undefined where there is no ingress of ours, or it or its routes change as well. */
export function runningFront(
  stack: Stack,
  { files }: Observation,
  desired: readonly DesiredContainer[],
): Front | undefined {
  const { ingress } = stack
  const container = desired.find(({ service }) => service.name === ingress?.service)
  if (ingress === undefined || container?.existing === undefined || container.verdict.kind !== 'keep') return undefined
  const routes = ingressFiles(ingress.kind, ingress.input)
  const same = routes.every(({ path, content }) => files[path] === content)
  return same ? { id: container.existing.id, ingress } : undefined
}

/** Whether requests from outside come to a service through the ingress. */
export function isRouted({ ingress }: Stack, { name }: Service): boolean {
  return ingress?.input.routes.some(({ service }) => service === name) ?? false
}
