import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { type Column, renderTable, truncate } from '../../src/ui/cli/table.ts'

const COLUMNS: readonly Column[] = [
  { header: 'SERVICE', shrink: 1 },
  { header: 'IMAGE', shrink: 2 },
  { header: 'RESTARTS', align: 'right' },
]
const ROWS = [
  ['web', 'registry.example.com/lab/web:2.4.1', '0'],
  ['データベース', 'postgres:16', '12'],
]

describe('a table', () => {
  it('given room, cuts nothing and aligns wide characters', () => {
    expect(renderTable(COLUMNS, ROWS, PLAIN)).toMatchInlineSnapshot(`
      "SERVICE       IMAGE                               RESTARTS
      web           registry.example.com/lab/web:2.4.1         0
      データベース  postgres:16                               12"
    `)
  })

  it('given a narrow terminal, shrinks the columns that may shrink, in their order', () => {
    expect(renderTable(COLUMNS, ROWS, { ...PLAIN, width: 40 })).toMatchInlineSnapshot(`
      "SERVICE       IMAGE             RESTARTS
      web           registry.exampl…         0
      データベース  postgres:16             12"
    `)
    expect(renderTable(COLUMNS, ROWS, { ...PLAIN, width: 30 })).toMatchInlineSnapshot(`
      "SERVICE       IMAGE   RESTARTS
      web           regis…         0
      データベース  postg…        12"
    `)
  })

  it.each([30, 40, 60])('never is wider than %i columns', (width) => {
    const lines = renderTable(COLUMNS, ROWS, { ...PLAIN, width }).split('\n')
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
  })

  it('cuts between characters, also wide and combined ones, and marks the cut', () => {
    expect(truncate('データベース', 5, PLAIN)).toBe('デー…')
    expect(truncate('👩‍🔬👩‍🔬👩‍🔬', 5, PLAIN)).toBe('👩‍🔬👩‍🔬…')
    expect(truncate('abcdef', 6, PLAIN)).toBe('abcdef')
    expect(truncate('abcdef', 5, { ...PLAIN, unicode: false })).toBe('ab...')
  })
})
