import type { Stack } from '../../../stack/model.ts'
import type { Observation } from '../observation.ts'
import type { PlanBuilder } from './builder.ts'
import { type DesiredContainer, isOutdated } from './desired.ts'

/** What containers stand on: networks, volumes and images that are not there yet. */
export function resourceSteps(
  stack: Stack,
  observation: Observation,
  desired: readonly DesiredContainer[],
  builder: PlanBuilder,
): void {
  createMissing('network', stack.networks, observation.networks, builder)
  createMissing('volume', stack.volumes, observation.volumes, builder)
  for (const { service, verdict } of desired) {
    if (verdict.kind === 'create' || verdict.kind === 'recreate') pull(service, observation, builder)
  }
}

function createMissing(
  kind: 'network' | 'volume',
  wanted: { readonly [key: string]: { readonly name: string; readonly external: boolean } },
  there: readonly { readonly name: string }[],
  builder: PlanBuilder,
): void {
  const names = new Set(there.map(({ name }) => name))
  for (const [key, { name, external }] of Object.entries(wanted)) {
    if (external || names.has(name)) continue
    builder.add({
      kind: `${kind}.create`,
      subject: key,
      resource: `${kind} ${name}`,
      cause: 'not there yet',
      effect: 'create',
      input: { key },
    })
  }
}

function pull(
  { name, image: reference, platform, pullPolicy }: DesiredContainer['service'],
  observation: Observation,
  builder: PlanBuilder,
): void {
  const absent = (observation.images[reference] ?? null) === null
  if (pullPolicy === 'never' || (!absent && !isOutdated(observation, reference))) return
  builder.add({
    kind: 'image.pull',
    subject: reference,
    resource: `image ${reference}`,
    cause: absent ? 'not on this engine' : 'the registry has a newer digest',
    effect: 'pull',
    input: { reference, service: name, ...(platform !== undefined && { platform }) },
  })
}
