import { DdalabError } from '../../src/core/errors.ts'
import type { Handlers, Operation, OperationId, Plan } from '../../src/core/kernel/index.ts'
import { memoryJournals } from './memory-journal.ts'
import { planOf, step } from './plans.ts'

/** How one step of a random plan behaves. Counts are tries that fail before one succeeds, over all processes. */
export interface Behaviour {
  /** Earlier steps to wait for, by index. */
  readonly after: readonly number[]
  readonly commit: boolean
  readonly failures: number
  /** Whether a failing try fails before, amid or after its change of the world. */
  readonly failsAt: 'start' | 'middle' | 'end'
  readonly undoFailures: number
  /** Turns of the event loop that each half takes. */
  readonly ticks: number
}

/** The n-th line written from now on at which the process dies, before or after the line is durable. */
export interface Death {
  readonly line: number
  readonly moment: 'before' | 'after'
}

type State = 'old' | 'between' | 'new'

/** A plan in which a step after the verdict is never waited for by one before it. */
export function planFor(behaviours: readonly Behaviour[]): Plan {
  const phaseOf = (index: number) => (behaviours[index]?.commit ? 'commit' : 'apply')
  return planOf(
    ...behaviours.map(({ after }, index) => {
      const allowed = after.filter(
        (earlier) => earlier < index && (phaseOf(index) === 'commit' || phaseOf(earlier) === 'apply'),
      )
      return step(`${index}`, allowed.map(String), phaseOf(index))
    }),
  )
}

/**
 * A world of one cell for each step, that outlives the processes which work on it. Every broken promise of the kernel (a
 * step before those it waits for, an undo beneath what still stands, too much at once) is collected in `broken`.
 */
export function simulate(plan: Plan, behaviours: readonly Behaviour[], concurrency: number) {
  const world = new Map<OperationId, State>(plan.operations.map((operation) => [operation.id, 'old']))
  const tries = new Map<string, number>()
  const broken: string[] = []
  let alive = true
  let written = 0
  let death: Death | undefined
  let died = Promise.withResolvers<'died'>()
  let underWay = 0

  /** A dead process does nothing any more: what it waits for never comes. */
  const living = (): Promise<void> => (alive ? Promise.resolve() : new Promise(() => {}))
  const die = (): Promise<void> => {
    alive = false
    died.resolve('died')
    return living()
  }

  const journals = memoryJournals(async (_record, persist) => {
    await living()
    written += 1
    if (death?.line === written && death.moment === 'before') await die()
    persist()
    await Promise.resolve()
    if (death?.line === written && death.moment === 'after') await die()
    await living()
  })

  const behaviourOf = (operation: Operation): Behaviour => {
    const behaviour = behaviours[Number(operation.resource)]
    if (behaviour === undefined) throw new Error(`no behaviour for ${operation.resource}`)
    return behaviour
  }
  const fails = (key: string, count: number): boolean => {
    const before = tries.get(key) ?? 0
    tries.set(key, before + 1)
    return before < count
  }
  const expectState = (what: string, states: readonly OperationId[], wanted: State): void => {
    for (const other of states) {
      if (world.get(other) !== wanted) broken.push(`${what} while ${other} is ${world.get(other)}`)
    }
  }
  const pause = async (ticks: number): Promise<void> => {
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
    await living()
  }
  const counted = async (work: () => Promise<void>): Promise<void> => {
    underWay += 1
    if (underWay > concurrency) broken.push(`${underWay} at once`)
    await work().finally(() => {
      underWay -= 1
    })
  }

  const handlers: Handlers = {
    step: {
      execute: async (operation) => {
        const { failures, failsAt, ticks, commit } = behaviourOf(operation)
        const failing = fails(`do ${operation.id}`, failures)
        const failIf = (moment: Behaviour['failsAt']): void => {
          if (failing && failsAt === moment) throw new DdalabError('OPERATION_FAILED', `${operation.id} failed`)
        }
        await counted(async () => {
          expectState(`${operation.id} begins`, operation.after, 'new')
          if (commit) {
            const applied = plan.operations.filter(({ phase }) => phase === 'apply').map((other) => other.id)
            expectState(`${operation.id} begins`, applied, 'new')
          }
          failIf('start')
          world.set(operation.id, 'between')
          await pause(ticks)
          failIf('middle')
          world.set(operation.id, 'new')
          await pause(ticks)
          failIf('end')
        })
        return { done: true }
      },
      undo: async (operation) => {
        const { undoFailures, ticks } = behaviourOf(operation)
        await counted(async () => {
          const standing = plan.operations.filter(({ after }) => after.includes(operation.id)).map((other) => other.id)
          expectState(`${operation.id} is undone`, standing, 'old')
          if (fails(`undo ${operation.id}`, undoFailures)) throw new DdalabError('OPERATION_FAILED', 'undo failed')
          world.set(operation.id, 'between')
          await pause(ticks)
          world.set(operation.id, 'old')
        })
      },
    },
  }

  return {
    journals,
    handlers,
    broken,
    world: (): State[] => [...new Set(world.values())],
    committed: (): boolean => journals.lines.some((line) => line.type === 'verdict' && line.verdict === 'commit'),
    /** Runs `work` as a new process that dies as told; resolves to what it answers, or to `died`. */
    process: async <T>(work: () => Promise<T>, dies?: Death): Promise<T | 'died'> => {
      alive = true
      written = 0
      underWay = 0
      death = dies
      died = Promise.withResolvers<'died'>()
      const answer = await Promise.race([work(), died.promise])
      // All that the dead one still had to do comes to its standstill, before the next one begins.
      await new Promise(setImmediate)
      return answer
    },
  }
}
