import { expect, test } from 'vitest'
import { type InTurn, turns } from '../../src/core/providers/docker/turns.ts'

/** Work that goes on until it is ended, and what has begun of it. */
function pieces(inTurn: InTurn, names: readonly string[], urgencies: readonly number[] = []) {
  const begun: string[] = []
  const ends = new Map(names.map((name) => [name, Promise.withResolvers<void>()]))
  const all = names.map((name, index) =>
    inTurn(urgencies[index] ?? 0, () => {
      begun.push(name)
      return ends.get(name)?.promise ?? Promise.resolve()
    }),
  )
  return { begun, all, ends }
}

test('so many at once, the others in the order in which they came', async () => {
  const { begun, all, ends } = pieces(
    turns(async () => 2),
    ['a', 'b', 'c', 'd'],
  )
  await expect.poll(() => begun).toEqual(['a', 'b'])
  ends.get('b')?.resolve()
  await all[1]
  await expect.poll(() => begun).toEqual(['a', 'b', 'c'])
  for (const end of ends.values()) end.resolve()
  await Promise.all(all)
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

test('work that fails gives its turn on', async () => {
  const { begun, all, ends } = pieces(
    turns(async () => 1),
    ['a', 'b'],
  )
  await expect.poll(() => begun).toEqual(['a'])
  ends.get('a')?.reject(new Error('no'))
  await expect(all[0]).rejects.toThrow('no')
  ends.get('b')?.resolve()
  await all[1]
  expect(begun).toEqual(['a', 'b'])
})

test('the most urgent of those that wait goes first', async () => {
  const { begun, all, ends } = pieces(
    turns(async () => 1),
    ['first', 'idle', 'urgent', 'idle too', 'urgent too'],
    [1, 0, 5, 0, 5],
  )
  for (const end of ends.values()) end.resolve()
  await Promise.all(all)
  expect(begun).toEqual(['first', 'urgent', 'urgent too', 'idle', 'idle too'])
})
