import { formatPath } from '../../../core/config/index.ts'
import { isInConflict } from './drafts.ts'
import type { ConfigState, Field, Finding, Table } from './model.ts'

/** A line of the list. */
export type Row =
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'field'; readonly id: string; readonly field: Field }
  | { readonly kind: 'table'; readonly id: string; readonly table: Table }

/** All settings, those that were added among them. */
export function fieldsOf({ reading, added }: Pick<ConfigState, 'reading' | 'added'>): readonly Field[] {
  if (reading.kind !== 'read') return []
  const { fields } = reading.form
  const known = new Set(fields.map(({ path }) => path))
  return [...fields, ...added.filter(({ path }) => !known.has(path))]
}

/** The lines that the search and the filter leave. */
export function rowsOf(state: ConfigState): readonly Row[] {
  const { reading } = state
  if (reading.kind !== 'read') return []
  const { tables } = reading.form
  const isNarrow = state.query !== '' || state.filter !== 'all'
  const fields = fieldsOf(state).filter((field) => isWanted(field, state))
  const sections = [...new Set([...fieldsOf(state).map(({ section }) => section), ...tables.map(sectionOf)])]
  return sections.flatMap((name): readonly Row[] => {
    const own = fields.filter(({ section }) => section === name)
    const inside = tables.filter((table) => sectionOf(table) === name)
    const plain = own.filter((field) => !inside.some((table) => isIn(table, field)))
    const rows: readonly Row[] = [
      ...plain.map(rowOf),
      ...inside.flatMap((table): readonly Row[] => {
        const entries = own.filter((field) => isIn(table, field)).map(rowOf)
        const isShown = !isNarrow || entries.length > 0 || (state.filter === 'all' && matches(table, state.query))
        return isShown ? [{ kind: 'table', id: table.path, table }, ...entries] : []
      }),
    ]
    return rows.length === 0 ? [] : [{ kind: 'section', name }, ...rows]
  })
}

/** The line that the cursor is on: where it was put, or else the first. */
export function rowAt(state: ConfigState): Exclude<Row, { kind: 'section' }> | undefined {
  const rows = rowsOf(state).filter((row) => row.kind !== 'section')
  return rows.find(({ id }) => id === state.cursor) ?? rows[0]
}

/** What the rules say about a setting, the worst first. */
export function findingsOn({ findings }: Pick<ConfigState, 'findings'>, field: Field): readonly Finding[] {
  const at = formatPath(field.at)
  return findings.filter(({ path }) => [field.path, at].some((own) => path === own || path.startsWith(`${own}[`)))
}

/** What the rules say about nothing in the form. */
export function findingsElsewhere(state: ConfigState): readonly Finding[] {
  const told = new Set(fieldsOf(state).flatMap((field) => findingsOn(state, field)))
  return state.findings.filter((finding) => !told.has(finding))
}

const rowOf = (field: Field): Row => ({ kind: 'field', id: field.path, field })
const sectionOf = ({ path }: Table) => path.split('.')[0] ?? path
const isIn = (table: Table, { path }: Field) => path.startsWith(`${table.path}.`)

function matches({ path, help }: { readonly path: string; readonly help: string }, query: string): boolean {
  const text = `${path} ${help}`.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function isWanted(field: Field, state: ConfigState): boolean {
  const draft = state.drafts.get(field.path)
  const text = { path: `${field.path} ${field.parameter ?? ''}`, help: field.help }
  if (state.query !== '' && !matches(text, state.query)) return false
  switch (state.filter) {
    case 'all':
      return true
    case 'set':
      return field.origin === 'file' || field.origin === 'overlay'
    case 'drafts':
      return draft !== undefined
    case 'problems':
      return findingsOn(state, field).length > 0 || (draft !== undefined && isInConflict(draft, fieldsOf(state)))
  }
}
