import { formatPath, parsePath } from '../../../core/config/index.ts'
import { edit, insert, isEdit, type Line, lineOf } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'
import { drafted, notice } from './browse.ts'
import { addedFields, withDraft } from './drafts.ts'
import type { ConfigState, Field, Mode, Reduced } from './model.ts'
import { fieldsOf } from './rows.ts'
import { meaningOf, typedText } from './value.ts'
import { editRows, pasteRows, type RowKey } from './value-editor.ts'

type Of<Kind extends Mode['kind']> = Extract<Mode, { kind: Kind }>

const done = (state: ConfigState): ConfigState => ({ ...state, mode: { kind: 'browse' } })
const stays = (state: ConfigState, mode: Mode): Reduced => ({ state: { ...state, mode }, effects: [] })

/** Keys while the value of a setting is typed. */
export function onValue(state: ConfigState, mode: Of<'edit'>, press: Press): Reduced {
  const { field, line } = mode
  if (press.type === 'text') return stays(state, { ...mode, line: insert(line, press.text) })
  switch (press.key) {
    case 'escape':
      return { state: done({ ...state, added: withoutUnset(state, field) }), effects: [] }
    case 'enter': {
      const meant = meaningOf(field, line.text)
      if (meant.kind === 'refused') return stays(state, mode)
      const present = fieldsOf(state).find(({ path }) => path === field.path) ?? field
      // A secret that nothing was typed for stays as it is.
      if (field.isSecret && line.text === '') return { state: done(state), effects: [] }
      return drafted({ ...done(state), cursor: field.path }, withDraft(state.drafts, present, meant.value))
    }
    default:
      return isRowKey(press.key) ? stays(state, { ...mode, line: editRows(line, press.key) }) : stays(state, mode)
  }
}

/** A name that was added and then given no value is gone again, with all that would have been below it. */
function withoutUnset({ added, drafts, reading }: ConfigState, field: Field): readonly Field[] {
  const tables = reading.kind === 'read' ? reading.form.tables.map(({ path }) => path) : []
  const parent = (path: string) => formatPath(parsePath(path).slice(0, -1))
  const own = added.filter(({ path }) =>
    tables.includes(parent(field.path)) ? path === field.path : parent(path) === parent(field.path),
  )
  return own.some(({ path }) => drafts.has(path)) ? added : added.filter((one) => !own.includes(one))
}

const isRowKey = (key: string): key is RowKey => isEdit(key) || key === 'up' || key === 'down' || key === 'offer'

/** Keys while one of several choices is taken. */
export function onChoice(state: ConfigState, mode: Of<'choose'>, press: Press): Reduced {
  const { field, row } = mode
  const to = (next: number) => stays(state, { ...mode, row: Math.min(Math.max(next, 0), field.choices.length - 1) })
  const key = press.type === 'text' ? press.text : press.key
  switch (key) {
    case 'escape':
      return { state: done(state), effects: [] }
    case 'up':
    case 'k':
      return to(row - 1)
    case 'down':
    case 'j':
      return to(row + 1)
    case 'enter':
    case ' ':
      return drafted(done(state), withDraft(state.drafts, field, field.choices[row]))
    default:
      return stays(state, mode)
  }
}

/** Keys while the name of something new in a table is typed; then its value is. */
export function onName(state: ConfigState, mode: Of<'name'>, press: Press): Reduced {
  const { table, line } = mode
  const changed = typedLine(line, press)
  if (changed !== undefined) return stays(state, { ...mode, line: changed })
  if (press.type === 'key' && press.key === 'escape') return { state: done(state), effects: [] }
  if (press.type !== 'key' || press.key !== 'enter' || state.reading.kind !== 'read') return stays(state, mode)
  const name = line.text.trim()
  if (name === '') return { state: done(state), effects: [] }
  const fields = addedFields(table, name, state.reading.form)
  const [first] = fields
  const present = fieldsOf(state).find(({ path }) => path === first?.path)
  if (first === undefined) return stays(state, mode)
  const field = present ?? first
  const added = present === undefined ? [...state.added, ...fields] : state.added
  const opened: Mode = { kind: 'edit', field, line: lineOf(typedText(field.isSecret ? undefined : field.value)) }
  const effects = present === undefined ? [] : [notice(`${name} is there already.`)]
  return { state: { ...state, added, cursor: field.path, mode: opened, query: '', filter: 'all' }, effects }
}

/** Keys of the search: the list follows what is typed. */
export function onSearch(state: ConfigState, mode: Of<'search'>, press: Press): Reduced {
  const changed = typedLine(mode.line, press)
  if (changed !== undefined) {
    // There is nothing left to take away: whoever goes on deleting wants to leave.
    const isLeft = press.type === 'key' && press.key === 'backspace' && mode.line.text === ''
    const next: ConfigState = { ...state, query: changed.text.trim(), mode: { ...mode, line: changed } }
    return { state: isLeft ? done(next) : next, effects: [] }
  }
  if (press.type !== 'key') return stays(state, mode)
  if (press.key === 'enter') return { state: done(state), effects: [] }
  if (press.key === 'escape') return { state: done({ ...state, query: '' }), effects: [] }
  return stays(state, mode)
}

/** The line after a press that changes it; undefined for one that does not. */
export function typedLine(line: Line, press: Press): Line | undefined {
  if (press.type === 'text') return insert(line, press.text)
  return isEdit(press.key) ? edit(line, press.key) : undefined
}

/** What is pasted goes where text is typed, and nowhere else. */
export function pasted(state: ConfigState, text: string): ConfigState {
  const { mode } = state
  const oneLine = () => text.trim().replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ')
  switch (mode.kind) {
    case 'edit':
      return { ...state, mode: { ...mode, line: pasteRows(mode.line, text) } }
    case 'name':
      return { ...state, mode: { ...mode, line: insert(mode.line, oneLine()) } }
    case 'search': {
      const line = insert(mode.line, oneLine())
      return { ...state, query: line.text.trim(), mode: { ...mode, line } }
    }
    case 'review':
      return mode.isReasoning ? { ...state, mode: { ...mode, reason: insert(mode.reason, oneLine()) } } : state
    default:
      return state
  }
}
