import { createHash } from 'node:crypto'
import { DdalabError } from '../errors.ts'
import type { OperationHandler } from '../kernel/handler.ts'
import type { Operation, Plan } from '../kernel/plan.ts'
import { operationId } from '../kernel/plan.ts'
import type { CompiledStack } from './compiled.ts'
import { DEFAULT_KEEP } from './points.ts'
import { withPruning } from './prune-operation.ts'
import type { Release, ReleasedImage } from './release.ts'
import type { ReleaseStore } from './store.ts'

export const RELEASE_RECORD = 'release.record'

/** What is known of a release when its run is planned. */
export interface PlannedRelease extends Pick<Release, 'id' | 'version' | 'of' | 'irreversible'> {
  /** The hash of the text of the config that was compiled. */
  readonly config?: string | undefined
  /** How many earlier releases to keep as rollback points. */
  readonly keep?: number
}

/** The plan with the recording of its release, and the pruning of those that are too old then, as its very last steps. */
export function withRelease(plan: Plan, release: PlannedRelease): Plan {
  if (plan.operations.length === 0) return plan
  const { id, version, config, of, irreversible, keep = DEFAULT_KEEP } = release
  const record: Operation = {
    id: operationId(RELEASE_RECORD, id),
    kind: RELEASE_RECORD,
    resource: `release ${id}`,
    cause: plan.action,
    effect: `record version ${version}`,
    phase: 'commit',
    after: plan.operations.filter(({ phase }) => phase === 'commit').map((operation) => operation.id),
    input: {
      ...{ id, version, action: plan.action },
      ...(config !== undefined && { config }),
      ...(of !== undefined && { of }),
      ...(irreversible === true && { irreversible }),
    },
  }
  return withPruning({ ...plan, operations: [...plan.operations, record] }, keep, record.resource)
}

export interface RecordTools {
  readonly store: ReleaseStore
  readonly now: () => Date
  readonly deployedBy: string
  readonly command: string
  /** The stack of a run, which is kept beside its journal: recovery knows the plan and not the stack. */
  readonly stackOfRun: (run: string) => Promise<CompiledStack | undefined>
  /** What runs now, by service: asked when the run is committed, so that recovery can ask as well. */
  readonly runningImages: () => Promise<{ readonly [service: string]: ReleasedImage }>
  /** What is known of the config whose text has that hash. */
  readonly config: (hash: string) => Promise<NonNullable<Release['config']>>
}

export function releaseRecord(tools: RecordTools): OperationHandler {
  const { store, now, deployedBy, command, stackOfRun, runningImages, config: configOf } = tools
  return {
    async execute({ input }, { run }) {
      const { id, version, action, config, of, irreversible } = input
      if (typeof id !== 'string' || typeof version !== 'string')
        throw new DdalabError('UNEXPECTED', 'release.record lacks its input')
      const compiled = await stackOfRun(run)
      const release: Release = {
        ...{ id, version },
        deployedAt: now().toISOString(),
        deployedBy,
        command,
        ...(typeof action === 'string' && { action }),
        ...(typeof of === 'string' && { of }),
        images: await runningImages(),
        ...(typeof config === 'string' && { config: await configOf(config) }),
        ...(compiled !== undefined && { stack: hashOf(compiled), environment: compiled.environment }),
        ...(irreversible === true && { irreversible }),
      }
      await store.write(release, compiled)
      return {}
    },
  }
}

function hashOf({ stack }: CompiledStack): string {
  return createHash('sha256').update(JSON.stringify(stack)).digest('hex')
}
