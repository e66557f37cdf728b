import { expect, test } from 'vitest'
import { groupCommit } from '../../src/core/state/group-commit.ts'

test('lines that arrive while a batch is written share the next one, in order', async () => {
  const batches: (readonly string[])[] = []
  const gate = Promise.withResolvers<void>()
  const append = groupCommit(async (batch) => {
    batches.push(batch)
    await gate.promise
  })
  const lines = ['a', 'b', 'c', 'd', 'e'].map(append)
  gate.resolve()
  await Promise.all(lines)
  await append('f')
  expect(batches).toEqual([['a'], ['b', 'c', 'd', 'e'], ['f']])
})

test('a line is done when its own batch is, and not before', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let batch = 0
  const append = groupCommit(() => gates[batch++]?.promise ?? Promise.resolve())
  const done: string[] = []
  const lines = ['a', 'b'].map((line) => append(line).then(() => done.push(line)))
  gates[0]?.resolve()
  await lines[0]
  expect(done).toEqual(['a'])
  gates[1]?.resolve()
  await lines[1]
  expect(done).toEqual(['a', 'b'])
})

test('a batch that fails is refused to all who are in it, and the next one is tried', async () => {
  const gate = Promise.withResolvers<void>()
  let batch = 0
  const append = groupCommit(async () => {
    batch += 1
    await gate.promise
    if (batch === 2) throw new Error('disk full')
  })
  const lines = ['a', 'b', 'c'].map(append)
  gate.resolve()
  expect((await Promise.allSettled(lines)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(append('d')).resolves.toBeUndefined()
})
