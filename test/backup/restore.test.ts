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

  test('is of one moment while somebody writes: every row that was acknowledged before, no gap, and nobody was disturbed', async () => {
    const store = await Store.on(host, { writing: true })
    try {
      await store.sql('CREATE TABLE ledger (n bigint PRIMARY KEY)')
      const written = async () => (await store.acknowledged('writer')).length
      await expect.poll(written).toBeGreaterThan(3)
      const before = await store.acknowledged('writer')
      const id = await store.backup()
      const after = await written()
      await expect.poll(written).toBeGreaterThan(after)

      await store.in('db', 'psql', '-U', 'lab', '-d', 'lab', '-c', 'ALTER TABLE ledger RENAME TO moved')
      await store.restore(id, ['database'])
      // What the writer wrote before it was stopped for the restore; afterwards it goes on in another range.
      const range = `n BETWEEN ${before[0]} AND ${before[0]} + 99999`
      const found = await store.sql(`SELECT min(n), max(n), count(*) FROM ledger WHERE ${range}`)
      const [first, last, count] = found.split('|').map(Number)
      expect(first).toBe(before[0])
      expect(count).toBe((last ?? 0) - (first ?? 0) + 1)
      expect(last).toBeGreaterThanOrEqual(before.at(-1) ?? 0)
      expect(await store.sql("SELECT to_regclass('moved') IS NULL")).toBe('t')
    } finally {
      await store.remove()
    }
  })
})
