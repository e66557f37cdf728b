import { quote } from '../../cli/world.ts'
import { EMPTY, lineOf } from '../../wizard/line.ts'
import type { ActionId } from '../keymap/index.ts'
import { editsOf, heldBy, withDraft } from './drafts.ts'
import { type ConfigEffect, type ConfigState, FILTERS, type Field, type Ground, type Reduced } from './model.ts'
import { fieldsOf, rowAt, rowsOf } from './rows.ts'
import { typedText } from './value.ts'

const alone = (state: ConfigState, ...effects: readonly ConfigEffect[]): Reduced => ({ state, effects })
export const notice = (text: string): ConfigEffect => ({ type: 'notice', text })
const READ_ONLY = notice('Nothing can be changed here: the dashboard was opened with --read-only.')

/** The state with other drafts, which are to be judged. */
export function drafted(
  state: ConfigState,
  drafts: ConfigState['drafts'],
  ...effects: readonly ConfigEffect[]
): Reduced {
  return {
    state: { ...state, drafts, revealed: undefined },
    effects: [...effects, { type: 'judge', edits: editsOf(drafts) }],
  }
}

/** What changes something, or asks to. */
const CHANGING: ReadonlySet<string> = new Set<ActionId>([
  ...(['open', 'config.toggle', 'config.add', 'config.unset', 'config.generate', 'config.editor'] as const),
])

/** An action while the list has the keys. */
export function browse(state: ConfigState, action: ActionId, ground: Ground): Reduced {
  if (ground.isReadOnly && CHANGING.has(action)) return alone(state, READ_ONLY)
  switch (action) {
    case 'config.editor':
      return alone({ ...state, mode: { kind: 'editor', trouble: undefined, scroll: 0 } }, { type: 'edit' })
    case 'config.history':
      return alone({ ...state, mode: { kind: 'history', list: { kind: 'awaited' }, row: 0 } }, { type: 'history' })
    case 'config.search':
      return alone({ ...state, query: '', mode: { kind: 'search', line: EMPTY } })
    default:
      return state.reading.kind === 'read' ? onList(state, action, ground) : alone(state)
  }
}

function onList(state: ConfigState, action: ActionId, { page }: Ground): Reduced {
  const field = fieldAt(state)
  switch (action) {
    case 'down':
      return alone(moved(state, 1))
    case 'up':
      return alone(moved(state, -1))
    case 'first':
      return alone(moved(state, Number.NEGATIVE_INFINITY))
    case 'last':
      return alone(moved(state, Number.POSITIVE_INFINITY))
    case 'page.down':
      return alone(moved(state, page))
    case 'page.up':
      return alone(moved(state, -page))
    case 'config.section.next':
      return alone(toSection(state, 1))
    case 'config.section.previous':
      return alone(toSection(state, -1))
    case 'config.filter': {
      const filter = FILTERS[(FILTERS.indexOf(state.filter) + 1) % FILTERS.length] ?? 'all'
      return alone({ ...state, filter })
    }
    case 'config.review':
      return review(state)
    case 'config.undo.all':
      return drafted({ ...state, added: [] }, new Map(), notice('All drafts are dropped.'))
    case 'config.add':
      return add(state)
    case 'config.copy':
      return field === undefined ? alone(state) : alone(state, { type: 'copy', words: commandFor(state, field) })
    default:
      return field === undefined ? onTable(state, action) : onField(state, field, action)
  }
}

function onTable(state: ConfigState, action: ActionId): Reduced {
  return action === 'open' ? add(state) : alone(state)
}

function onField(state: ConfigState, field: Field, action: ActionId): Reduced {
  switch (action) {
    case 'open':
      return opened(state, field)
    case 'config.toggle':
      return toggled(state, field)
    case 'config.unset': {
      if (field.written === null && !state.drafts.has(field.path)) {
        return alone(state, notice(`The file does not set ${field.path}: the default holds.`))
      }
      return drafted(state, withDraft(state.drafts, field, undefined))
    }
    case 'config.undo': {
      const others = new Map([...state.drafts].filter(([path]) => path !== field.path))
      return drafted({ ...state, added: state.added.filter(({ path }) => path !== field.path) }, others)
    }
    case 'config.reveal':
      return reveal(state, field)
    case 'config.generate':
      if (field.generate === undefined) return alone(state, notice(`${field.path} cannot be made here.`))
      return alone(state, { type: 'generate', field, kind: field.generate })
    default:
      return alone(state)
  }
}

function opened(state: ConfigState, field: Field): Reduced {
  const draft = state.drafts.get(field.path)
  const held = heldBy(field, draft)
  if (field.kind === 'flag') return toggled(state, field)
  if (field.kind === 'choice') {
    return alone({ ...state, mode: { kind: 'choose', field, row: Math.max(0, field.choices.indexOf(String(held))) } })
  }
  // A secret is typed anew; what it was is not known here.
  const text = field.isSecret ? typedText(draft?.value) : typedText(held)
  return alone({ ...state, revealed: undefined, mode: { kind: 'edit', field, line: lineOf(text) } })
}

function toggled(state: ConfigState, field: Field): Reduced {
  const held = heldBy(field, state.drafts.get(field.path))
  if (field.kind === 'flag') return drafted(state, withDraft(state.drafts, field, held !== true))
  if (field.kind !== 'choice') return alone(state)
  const next = field.choices[(field.choices.indexOf(String(held)) + 1) % field.choices.length]
  return drafted(state, withDraft(state.drafts, field, next))
}

function reveal(state: ConfigState, field: Field): Reduced {
  if (!field.isSecret) return alone(state)
  if (state.revealed?.path === field.path) return alone({ ...state, revealed: undefined })
  const draft = state.drafts.get(field.path)
  if (draft === undefined) {
    if (field.value === undefined) return alone(state, notice(`${field.path} has no value.`))
    return alone(state, { type: 'reveal', field })
  }
  return alone({ ...state, revealed: { path: field.path, text: typedText(draft.value) } })
}

function add(state: ConfigState): Reduced {
  const row = rowAt(state)
  if (row === undefined || state.reading.kind !== 'read') return alone(state)
  const { tables } = state.reading.form
  const table = row.kind === 'table' ? row.table : tables.find(({ path }) => row.field.path.startsWith(`${path}.`))
  if (table === undefined) return alone(state, notice('Names are added to a table, such as images or variables.'))
  return alone({ ...state, mode: { kind: 'name', table, line: EMPTY } })
}

/** Opens the difference that the drafts make. */
export function review(state: ConfigState): Reduced {
  if (state.drafts.size === 0) return alone(state, notice('There are no drafts: nothing is to be saved.'))
  const subject = { kind: 'drafts' } as const
  return alone(
    {
      ...state,
      revealed: undefined,
      mode: {
        ...{ kind: 'review', subject, diff: { kind: 'awaited' }, choice: 'cancel', scroll: 0 },
        ...{ reason: EMPTY, isReasoning: false, isSaving: false },
      },
    },
    { type: 'difference', subject, edits: editsOf(state.drafts) },
  )
}

/** The words of the command that does the same; a secret is asked for there. */
function commandFor(state: ConfigState, field: Field): string {
  const draft = state.drafts.get(field.path)
  if (draft === undefined) return `config get ${field.path}`
  if (draft.value === undefined) return `config unset ${field.path}`
  if (field.isSecret) return `config set ${field.path}`
  const value = typedText(draft.value).replaceAll('\n', ',')
  return `config set ${quote(`${field.path}=${value}`)}`
}

function fieldAt(state: ConfigState): Field | undefined {
  const row = rowAt(state)
  return row?.kind === 'field' ? (fieldsOf(state).find(({ path }) => path === row.id) ?? row.field) : undefined
}

/** Moves the cursor; a secret that was shown is hidden. */
export function moved(state: ConfigState, steps: number): ConfigState {
  const ids = rowsOf(state).flatMap((row) => (row.kind === 'section' ? [] : [row.id]))
  const index = ids.indexOf(rowAt(state)?.id ?? '')
  const next = ids[Math.min(Math.max(index + steps, 0), ids.length - 1)]
  return { ...state, cursor: next ?? state.cursor, revealed: undefined }
}

/** To the first line of another section. */
function toSection(state: ConfigState, steps: 1 | -1): ConfigState {
  const rows = rowsOf(state)
  const here = rows.findIndex((row) => row.kind !== 'section' && row.id === rowAt(state)?.id)
  const starts = rows.flatMap((row, index) => (row.kind === 'section' ? [index + 1] : []))
  const to = steps > 0 ? starts.find((start) => start > here) : starts.findLast((start) => start < here)
  const row = rows[to ?? here]
  return row === undefined || row.kind === 'section' ? state : { ...state, cursor: row.id, revealed: undefined }
}
