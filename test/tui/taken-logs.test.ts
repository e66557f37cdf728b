import { expect, test } from 'vitest'
import { TakenLogs } from '../../src/ui/tui/taken-logs.ts'

const line = (containerId: string, second: number) => ({
  containerId,
  timestamp: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString().replace('Z', '000000Z'),
})

test('a first reading begins with the last lines, another one a little before where the last one ended', () => {
  const taken = new TakenLogs()
  expect(taken.beginning()).toEqual({ tail: 2_000 })
  taken.take([line('a', 10), line('b', 8)])
  expect(taken.beginning()).toEqual({ since: Date.UTC(2026, 0, 1) / 1_000 + 8 })
})

test('what was taken is not new, also when its container has another name by now', () => {
  const taken = new TakenLogs()
  taken.take([line('a', 10)])
  const isNew = taken.begin()
  expect([line('a', 9), line('a', 10), line('a', 11), line('b', 9)].map(isNew)).toEqual([false, false, true, true])
})

test('lines of one reading with the same time are all new', () => {
  const taken = new TakenLogs()
  const isNew = taken.begin()
  taken.take([line('a', 10)])
  expect(isNew(line('a', 10))).toBe(true)
})
