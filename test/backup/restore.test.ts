import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { Store } from './store.ts'

describe.skipIf(!lab.available).each(lab.engines)('data on Engine $version', ({ host }) => {
  test.each(['yes', 'no'] as const)(
    'comes back exactly as it was backed up, a Redis with appendonly %s as well',
    async (appendonly) => {
      const store = await Store.on(host, { appendonly })
      try {
        await store.fill(1)
        const before = await store.contents()
        const id = await store.backup()
        await store.fill(2)
        await store.sql('CREATE TABLE later (x int); DELETE FROM ledger WHERE n = 1')
        const later = await store.contents()
        expect(later).not.toEqual(before)

        const { safety, status } = await store.restore(id)
        expect(status?.state).toBe('healthy')
        expect(await store.contents()).toEqual(before)
        expect(await store.scratch()).toEqual([])

        // Taken back with the backup that it made first.
        await store.restore(safety)
        expect(await store.contents()).toEqual(later)
      } finally {
        await store.remove()
      }
    },
  )
})
