import { operationId } from '../../../kernel/plan.ts'
import type { GeneratedFile, Stack } from '../../../stack/model.ts'
import type { Observation } from '../observation.ts'
import type { PlanBuilder } from './builder.ts'
import type { DesiredContainer } from './desired.ts'

/**
 * The files beside the Compose file. Most are simply written; those that a running ingress reads are written and
 * taken up in one step, after the services behind it are ready.
 */
export function fileOperations(
  stack: Stack,
  observation: Observation,
  desired: readonly DesiredContainer[],
  builder: PlanBuilder,
): void {
  const changed = stack.files.filter(({ path, content }) => observation.files[path] !== content)
  const running = runningIngress(stack, desired)
  const live = running === undefined ? [] : changed.filter(({ reloadable }) => reloadable)
  for (const file of changed.filter((one) => !live.includes(one))) write(file, observation, builder)
  if (running !== undefined && live.length > 0) {
    builder.add({
      kind: 'ingress.reload',
      subject: running.service,
      resource: `ingress ${running.service}`,
      cause: `${live.map(({ path }) => path).join(', ')} changed`,
      effect: 'write the new routes and have the ingress take them up',
      after: Object.keys(stack.services).map((service) => operationId('container.awaitHealthy', `${service}-1`)),
      input: { paths: live.map(({ path }) => path), id: running.id, reload: stack.ingress?.reload ?? [] },
    })
  }
}

function write(file: GeneratedFile, observation: Observation, builder: PlanBuilder): void {
  const absent = (observation.files[file.path] ?? null) === null
  builder.add({
    kind: 'file.write',
    subject: file.path,
    resource: `file ${file.path}`,
    cause: absent ? 'not there yet' : 'content changed',
    effect: absent ? 'create' : 'rewrite',
    input: { path: file.path },
  })
}

/** The ingress container, when there is one that goes on running: a new one reads the new files when it starts. */
function runningIngress(
  stack: Stack,
  desired: readonly DesiredContainer[],
): { readonly service: string; readonly id: string } | undefined {
  const ingress = desired.find(({ service }) => service.name === stack.ingress?.service)
  if (ingress?.existing === undefined) return undefined
  const stays = ingress.verdict.kind === 'keep' || ingress.verdict.kind === 'await'
  return stays ? { service: ingress.service.name, id: ingress.existing.id } : undefined
}
