import { expect, test } from 'vitest'
import { graphOf, restrict, reverse, type Visit, walk } from '../../src/core/kernel/graph.ts'
import { id, step } from './plans.ts'

const diamond = graphOf([
  step('top'),
  step('left', ['top']),
  step('right', ['top', 'top']),
  step('end', ['left', 'right']),
])

test('the reverse of a graph waits the other way round, last first', () => {
  expect([...reverse(diamond)]).toEqual([
    [id('end'), []],
    [id('right'), [id('end')]],
    [id('left'), [id('end')]],
    [id('top'), [id('left'), id('right')]],
  ])
})

test('a restricted graph keeps the edges among what is kept', () => {
  expect([...restrict(diamond, (step) => step !== id('left'))]).toEqual([
    [id('top'), []],
    [id('right'), [id('top')]],
    [id('end'), [id('right')]],
  ])
})

test('a walk visits in plan order where the graph leaves the choice', async () => {
  const visited: string[] = []
  await walk(diamond, async ({ id }) => visited.push(id) > 0, { concurrency: 1 })
  expect(visited).toEqual(['top', 'left', 'right', 'end'].map(id))
})

test('what the most have to wait for comes first', async () => {
  const plan = graphOf([step('short'), step('long'), step('middle', ['long']), step('end', ['middle'])])
  const visited: string[] = []
  await walk(plan, async ({ id }) => visited.push(id) > 0, { concurrency: 1 })
  expect(visited).toEqual(['long', 'middle', 'short', 'end'].map(id))
})

test('a visit is told how many steps follow it', async () => {
  const seen: Visit[] = []
  await walk(diamond, async (step) => seen.push(step) > 0, { concurrency: 4 })
  expect(seen.map(({ urgency }) => urgency)).toEqual([2, 1, 1, 0])
})

test('what waits for a refused step is not visited, the rest is', async () => {
  const visited: string[] = []
  const visit = async ({ id: step }: Visit): Promise<boolean> => {
    visited.push(step)
    return step !== id('left')
  }
  await walk(diamond, visit, { concurrency: 4 })
  expect(visited).toEqual(['top', 'left', 'right'].map(id))
})

test('a chain of 5,000 steps and as many side by side are no burden', async () => {
  const chain = Array.from({ length: 5_000 }, (_, n) => step(`${n}`, n === 0 ? [] : [`${n - 1}`]))
  const beside = Array.from({ length: 5_000 }, (_, n) => step(`b${n}`))
  let visits = 0
  await walk(graphOf([...chain, ...beside]), async () => ++visits > 0, { concurrency: 8 })
  expect(visits).toBe(10_000)
})
