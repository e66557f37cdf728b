import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBackupId } from '../../src/core/release/backup/backup.ts'
import { backupOfRelease, expiredBackups } from '../../src/core/release/backup/retention.ts'

const backup = (id: string, release: string | null = null) => ({ id, release })
const ids = (backups: readonly { readonly id: string }[]) => backups.map(({ id }) => id).toSorted()

describe('which backups are kept', () => {
  test('the newest ones, in whatever order they are listed', () => {
    const all = ['b-3', 'b-1', 'b-4', 'b-2'].map((id) => backup(id))
    expect(ids(expiredBackups(all, { keep: 2, points: [] }))).toEqual(['b-1', 'b-2'])
    expect(expiredBackups(all, { keep: 4, points: [] })).toEqual([])
  })

  test('of a rollback point: the newest of its data, and the one that it names', () => {
    const all = [backup('b-1', 'r-0001'), backup('b-2', 'r-0001'), backup('b-3', 'r-0002'), backup('b-4', 'r-0003')]
    expect(backupOfRelease(all, 'r-0001')?.id).toBe('b-2')
    expect(backupOfRelease(all, 'r-0009')).toBeUndefined()
    const points = [{ id: 'r-0001', dataBackup: 'b-1' }, { id: 'r-0002' }]
    expect(ids(expiredBackups(all, { keep: 1, points }))).toEqual([])
    expect(ids(expiredBackups(all, { keep: 1, points: [{ id: 'r-0001' }] }))).toEqual(['b-1', 'b-3'])
  })

  test('never fewer than asked for, and never one of a point goes', () => {
    const release = fc.option(fc.constantFrom('r-0001', 'r-0002', 'r-0003'))
    const backups = fc.uniqueArray(fc.record({ id: fc.stringMatching(/^b-[0-9]{4}$/), release }), {
      selector: ({ id }) => id,
    })
    fc.assert(
      fc.property(backups, fc.nat(6), fc.subarray(['r-0001', 'r-0002', 'r-0003']), (all, keep, named) => {
        const expired = expiredBackups(all, { keep, points: named.map((id) => ({ id })) })
        const kept = all.filter((one) => !expired.includes(one))
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(keep, all.length))
        for (const point of named) expect(backupOfRelease(kept, point)).toEqual(backupOfRelease(all, point))
      }),
    )
  })
})

describe('the id of a backup', () => {
  test('is its time, and one more number where that is taken', () => {
    const now = new Date('2026-03-21T15:45:01.987Z')
    expect(nextBackupId(now, [])).toBe('b-20260321-154501')
    expect(nextBackupId(now, ['b-20260321-154501'])).toBe('b-20260321-154501-2')
    expect(nextBackupId(now, ['b-20260321-154501', 'b-20260321-154501-2'])).toBe('b-20260321-154501-3')
  })
})
