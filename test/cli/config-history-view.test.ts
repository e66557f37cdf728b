import { describe, expect, it } from 'vitest'
import type { History, ListedEntry } from '../../src/core/config/history/index.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { configHistoryData, renderConfigHistory } from '../../src/ui/cli/views/config-history.ts'

const entry = (number: number, facts: Partial<ListedEntry>): ListedEntry => ({
  number,
  // In the time zone of whoever runs this, as it is shown.
  at: new Date(2026, 2, number, 9, 5).toISOString(),
  by: 'ada@lab',
  command: 'ddalab config set',
  reason: null,
  kind: 'change',
  sha256: String(number).repeat(64),
  before: null,
  version: '3.0.0',
  changes: ['api.port'],
  written: true,
  kept: true,
  current: false,
  ...facts,
})

const HISTORY: History = {
  entries: [
    entry(1, { kind: 'init', changes: ['version', 'template'], kept: false }),
    entry(2, { kind: 'outside', by: null, changes: [] }),
    entry(3, { written: false }),
    entry(4, { written: null }),
    entry(5, { reason: 'the port\nwas taken', current: true }),
  ],
  outside: false,
  problems: [],
}

describe('the history for a person', () => {
  it('is a table, the newest first: which is current, what is kept, what never happened', () => {
    expect(renderConfigHistory(HISTORY, PLAIN)).toMatchInlineSnapshot(`
      "#  WHEN              WHO      WHAT                     WHY                 CONTENT
      5  2026-03-05 09:05  ada@lab  change: api.port         the port was taken  current
      4  2026-03-04 09:05  ada@lab  change: api.port         -                   kept, maybe not written
      3  2026-03-03 09:05  ada@lab  change: api.port         -                   not written
      2  2026-03-02 09:05  by hand  outside                  -                   kept
      1  2026-03-01 09:05  ada@lab  init: version, template  -                   pruned"
    `)
  })

  it('gives up width from the right end of importance, and never breaks a line', () => {
    const lines = renderConfigHistory(HISTORY, { ...PLAIN, width: 60 }).split('\n')
    expect(lines).toHaveLength(6)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('does not let what others wrote steer the terminal', () => {
    const hostile: History = {
      ...HISTORY,
      entries: [entry(1, { reason: '\u001b]0;owned\u0007x', by: 'a\u001b[2J@b' })],
    }
    expect(renderConfigHistory(hostile, { ...PLAIN, width: 200 })).not.toMatch(/[\u001b\u0007]/)
  })

  it('says what it cannot read, that the file was edited since, and that there is nothing yet', () => {
    const problem = {
      code: 'BACKUP_DAMAGED',
      message: 'This line cannot be read',
      place: { file: 'history.jsonl', line: 3 },
    } as const
    const text = renderConfigHistory({ ...HISTORY, outside: true, problems: [problem] }, PLAIN)
    expect(text).toContain('edited by hand since')
    expect(text).toContain('history.jsonl:3  This line cannot be read')
    expect(renderConfigHistory({ entries: [], outside: true, problems: [] }, PLAIN)).toMatch(/^There is no history yet/)
  })

  it('has the same for programs', () => {
    expect(configHistoryData(HISTORY).entries.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1])
  })
})
