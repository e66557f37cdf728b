import { glyph, type Style, type Tone } from '../../../cli/style.ts'
import { fitted, type Spans, widthOf } from '../../view/spans.ts'
import { heldBy, isInConflict } from '../drafts.ts'
import type { ConfigState, Field, Finding } from '../model.ts'
import { fieldsOf, findingsOn, type Row, rowAt, rowsOf } from '../rows.ts'
import { shownText } from '../value.ts'

/** Columns of the cursor and the signs before a name. */
const SIGNS = 4
/** Columns of where a value comes from. */
const FROM = 13
/** The same with the marks of a setting. */
const FROM_AND_MARKS = 30
const GAP = 2

/** The settings around the cursor, each in a line, in so many rows. */
export function listLines(state: ConfigState, width: number, height: number, style: Style): readonly Spans[] {
  const rows = rowsOf(state)
  if (rows.length === 0) return [[{ text: 'Nothing is found. Esc shows all.', tone: 'quiet' }]]
  const here = rowAt(state)
  const at = Math.max(
    0,
    rows.findIndex((row) => row.kind !== 'section' && row.id === here?.id),
  )
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height))
  const longest = Math.max(...rows.map((row) => widthOf([{ text: nameOf(row) }])))
  const from = width >= 84 ? FROM_AND_MARKS : width >= 56 ? FROM : 0
  const names = Math.min(longest, Math.max(12, Math.floor(width * (from > 0 ? 0.38 : 0.5))))
  return rows.slice(top, top + height).map((row) => line(row, state, { names, from, width, style, here: here?.id }))
}

interface Columns {
  readonly names: number
  readonly from: number
  readonly width: number
  readonly style: Style
  readonly here: string | undefined
}

function line(row: Row, state: ConfigState, columns: Columns): Spans {
  const { names, style, width, from, here } = columns
  if (row.kind === 'section') return [{ text: row.name, tone: 'strong' }]
  const isHere = row.id === here
  const pointer = { text: isHere ? (style.unicode ? '▸' : '>') : ' ', tone: 'strong' } as const
  const name: Spans = fitted([{ text: nameOf(row), tone: isHere ? 'strong' : undefined }], names, style)
  if (row.kind === 'table') {
    return [pointer, { text: ' '.repeat(SIGNS - 1) }, ...name, { text: '  a adds a name', tone: 'quiet' }]
  }
  const { field } = row
  const room = Math.max(4, width - SIGNS - names - GAP - (from > 0 ? from + GAP : 0))
  return [
    pointer,
    ...signs(field, state, style),
    ...name,
    { text: ' '.repeat(GAP) },
    ...fitted(valueSpans(field, state, style), room, style),
    ...(from > 0 ? [{ text: `  ${fromText(field, state).padEnd(FROM)}`, tone: 'quiet' as const }] : []),
    ...(from > FROM ? [{ text: marks(field), tone: 'quiet' as const }] : []),
  ]
}

/** Below the head of its section a setting needs no more than the rest of its path. */
function nameOf(row: Row): string {
  if (row.kind === 'section') return ''
  const [first = '', ...rest] = row.id.split('.')
  return rest.length === 0 ? first : rest.join('.')
}

/** Whether it is a draft, and the worst of what the rules say. */
function signs(field: Field, state: ConfigState, style: Style): Spans {
  const draft = state.drafts.get(field.path)
  const [worst] = findingsOn(state, field)
  const isClash = draft !== undefined && isInConflict(draft, fieldsOf(state))
  return [
    { text: draft === undefined ? ' ' : '*', tone: 'note' },
    isClash ? { text: '!', tone: 'bad' } : worst === undefined ? { text: ' ' } : signOf(worst, style),
    { text: ' ' },
  ]
}

function marks({ isRequired, isSecret }: Field): string {
  return [...(isRequired ? ['required'] : []), ...(isSecret ? ['secret'] : [])].join(' ')
}

/** How bad a finding is, never by its colour alone. */
export function signOf({ severity }: Finding, style: Style): { readonly text: string; readonly tone: Tone } {
  if (severity === 'error') return { text: glyph(style, 'failed'), tone: 'bad' }
  return severity === 'warning' ? { text: glyph(style, 'warning'), tone: 'warn' } : { text: 'i', tone: 'note' }
}

/** What holds, with the draft. */
export function valueSpans(field: Field, state: ConfigState, style: Style): Spans {
  const draft = state.drafts.get(field.path)
  const held = heldBy(field, draft)
  if (state.revealed?.path === field.path) return [{ text: state.revealed.text.replaceAll('\n', ' '), tone: 'warn' }]
  const text = shownText(field, held, glyph(style, 'masked'))
  if (text !== '') return [{ text, tone: draft !== undefined ? 'note' : isOwn(field) ? undefined : 'quiet' }]
  return field.isRequired && held === undefined ? [{ text: 'needed', tone: 'bad' }] : [{ text: '-', tone: 'quiet' }]
}

const isOwn = ({ origin }: Field) => origin === 'file' || origin === 'overlay'

/** Where what holds comes from, in a word. */
export function fromText(field: Field, { drafts, reading }: Pick<ConfigState, 'drafts' | 'reading'>): string {
  const draft = drafts.get(field.path)
  if (draft !== undefined) return draft.value === undefined ? 'draft: unset' : 'draft'
  const environment = reading.kind === 'read' ? reading.form.environment : ''
  switch (field.origin) {
    case 'file':
      return 'file'
    case 'overlay':
      return `file, ${environment}`
    case 'default':
    case 'environment default':
      return 'default'
    case 'command line':
      return 'command line'
    case undefined:
      return field.fallback === undefined ? 'not set' : 'template'
  }
}
