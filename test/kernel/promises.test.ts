import fc from 'fast-check'
import { expect, test } from 'vitest'
import { execute, recover } from '../../src/core/kernel/index.ts'
import { type Behaviour, type Death, planFor, simulate } from './simulation.ts'

/** The promises of the kernel over random plans, failures and deaths of the process. */

const behaviour = (faults: { readonly failures: number; readonly undoFailures: number }) =>
  fc.record<Behaviour>({
    after: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
    commit: fc.boolean(),
    failures: fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, { arbitrary: fc.nat(faults.failures), weight: 1 }),
    failsAt: fc.constantFrom('start', 'middle', 'end'),
    undoFailures: fc.oneof(
      { arbitrary: fc.constant(0), weight: 4 },
      { arbitrary: fc.nat(faults.undoFailures), weight: 1 },
    ),
    ticks: fc.nat(4),
  })

const plans = (faults: { readonly failures: number; readonly undoFailures: number }) =>
  fc.array(behaviour(faults), { minLength: 1, maxLength: 10 })

const death = fc.record<Death>({ line: fc.integer({ min: 1, max: 40 }), moment: fc.constantFrom('before', 'after') })

function start(behaviours: readonly Behaviour[], concurrency: number) {
  const plan = planFor(behaviours)
  const simulation = simulate(plan, behaviours, concurrency)
  const { handlers, journals } = simulation
  const options = { handlers, journals, concurrency, sink: { emit: () => {} }, now: () => new Date(0) }
  return {
    ...simulation,
    run: (dies?: Death) => simulation.process(() => execute(plan, { ...options, run: 'r', command: 'deploy' }), dies),
    recover: (dies?: Death) => simulation.process(() => recover(options), dies),
  }
}

test('a run ends with the new world when committed, with the old one when rolled back, in the right order, within the bound', () =>
  fc.assert(
    fc.asyncProperty(
      plans({ failures: 1, undoFailures: 0 }),
      fc.integer({ min: 1, max: 4 }),
      async (behaviours, bound) => {
        const { run, world, broken, committed, journals } = start(behaviours, bound)
        const report = await run()
        expect(broken).toEqual([])
        expect(report).toMatchObject({ result: committed() ? 'committed' : 'rolled-back' })
        expect(world()).toEqual([committed() ? 'new' : 'old'])
        expect(await journals.unfinished()).toBeUndefined()
      },
    ),
    { numRuns: 1_000 },
  ))

test('rules 03, 04: however often and wherever the process dies, the next commands reach the new world or the old one', () =>
  fc.assert(
    fc.asyncProperty(
      plans({ failures: 3, undoFailures: 2 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(death, { minLength: 1, maxLength: 5 }),
      async (behaviours, bound, [first, ...others]) => {
        const { run, recover, world, broken, committed, journals } = start(behaviours, bound)
        await run(first)
        for (const dies of others) await recover(dies)

        // A step may fail three times, an undo twice, one after the other: repaired at last, every one of them succeeds.
        for (let tries = 0; (await journals.unfinished()) !== undefined; tries += 1) {
          expect(tries).toBeLessThan(40)
          await recover()
        }
        expect(broken).toEqual([])
        expect(world()).toEqual([committed() ? 'new' : 'old'])
      },
    ),
    { numRuns: 2_000 },
  ))
