import { DdalabError } from '../errors.ts'
import type { OperationHandler } from '../kernel/handler.ts'
import type { Operation, Plan } from '../kernel/plan.ts'
import { operationId } from '../kernel/plan.ts'
import type { CompiledStack } from './compiled.ts'
import type { Release, ReleasedImage } from './release.ts'
import type { ReleaseStore } from './store.ts'

export const RELEASE_RECORD = 'release.record'

/** The plan with the recording of its release as its very last step. `config` is the hash of the text that was compiled. */
export function withRelease(plan: Plan, id: string, version: string, config?: string): Plan {
  if (plan.operations.length === 0) return plan
  const record: Operation = {
    id: operationId(RELEASE_RECORD, id),
    kind: RELEASE_RECORD,
    resource: `release ${id}`,
    cause: plan.action,
    effect: `record version ${version}`,
    phase: 'commit',
    after: plan.operations.filter(({ phase }) => phase === 'commit').map((operation) => operation.id),
    input: { id, version, ...(config !== undefined && { config }) },
  }
  return { ...plan, operations: [...plan.operations, record] }
}

export interface RecordTools {
  readonly store: ReleaseStore
  readonly now: () => Date
  readonly deployedBy: string
  readonly command: string
  /** Absent in recovery, which knows the plan and not the stack. */
  readonly compiled?: CompiledStack
  /** What runs now, by service: asked when the run is committed, so that recovery can ask as well. */
  readonly runningImages: () => Promise<{ readonly [service: string]: ReleasedImage }>
  /** What is known of the config whose text has that hash. */
  readonly config: (hash: string) => Promise<NonNullable<Release['config']>>
}

export function releaseRecord({
  store,
  now,
  deployedBy,
  command,
  compiled,
  runningImages,
  config: configOf,
}: RecordTools): OperationHandler {
  return {
    async execute({ input }) {
      const { id, version, config } = input
      if (typeof id !== 'string' || typeof version !== 'string')
        throw new DdalabError('UNEXPECTED', 'release.record lacks its input')
      const release: Release = {
        id,
        version,
        deployedAt: now().toISOString(),
        deployedBy,
        command,
        images: await runningImages(),
        ...(typeof config === 'string' && { config: await configOf(config) }),
      }
      await store.write(release, compiled)
      return {}
    },
  }
}
