import type { Press } from '../reducer.ts'
import { browse, notice } from './browse.ts'
import { onCompare, onEditor, onHistory, onReview } from './dialogs.ts'
import { draftsAfter, editsOf, isInConflict, takenBack, withDraft } from './drafts.ts'
import type { ConfigEvent, ConfigState, Ground, Reduced, Trouble } from './model.ts'
import { fieldsOf } from './rows.ts'
import { onChoice, onName, onSearch, onValue, pasted } from './typing.ts'

const alone = (state: ConfigState): Reduced => ({ state, effects: [] })

/** The screen after an event, and what is to be done outside. Pure. */
export function reduceConfig(state: ConfigState, event: ConfigEvent, ground: Ground): Reduced {
  const { mode } = state
  switch (event.type) {
    case 'pressed':
      return pressed(state, event, ground)
    case 'pasted':
      return alone(pasted(state, event.text))
    case 'read':
      return read(state, event.form)
    case 'unreadable':
      return alone({ ...state, reading: { kind: 'unreadable', trouble: event.trouble }, revealed: undefined })
    case 'judged':
      return alone({ ...state, findings: event.findings })
    case 'revealed':
      return alone({ ...state, revealed: { path: event.path, text: event.text } })
    case 'generated': {
      const drafts = withDraft(state.drafts, event.field, event.value)
      return { state: { ...state, drafts }, effects: [{ type: 'judge', edits: editsOf(drafts) }] }
    }
    case 'differs':
      return mode.kind === 'review'
        ? alone({ ...state, mode: { ...mode, diff: { kind: 'there', it: event.difference } } })
        : alone(state)
    case 'saved':
      return saved(state, event)
    case 'listed':
      return mode.kind === 'history'
        ? alone({ ...state, mode: { ...mode, list: { kind: 'there', it: event.history } } })
        : alone(state)
    case 'compared':
      return mode.kind === 'compare'
        ? alone({ ...state, mode: { ...mode, diff: { kind: 'there', it: event.diff } } })
        : alone(state)
    case 'again':
      return alone({ ...state, mode: { kind: 'editor', trouble: event.trouble, scroll: 0 } })
    case 'edited':
      return { state: { ...state, mode: { kind: 'browse' } }, effects: [notice(event.notice)] }
    case 'failed':
      return failed(state, event.trouble)
    case 'returned':
      return alone(returned(state))
    case 'left':
      return alone({ ...state, revealed: undefined })
  }
}

function pressed(state: ConfigState, event: Extract<ConfigEvent, { type: 'pressed' }>, ground: Ground): Reduced {
  const { press, action } = event
  const { mode } = state
  switch (mode.kind) {
    case 'browse': {
      const isEscape = press.type === 'key' && press.key === 'escape'
      if (isEscape) return alone({ ...state, query: '', filter: 'all', revealed: undefined })
      return action === undefined ? alone(state) : browse(state, action, ground)
    }
    case 'search':
      return onSearch(state, mode, press)
    case 'edit':
      return onValue(state, mode, press)
    case 'choose':
      return onChoice(state, mode, press)
    case 'name':
      return onName(state, mode, press)
    case 'review':
      return onReview(state, mode, press, ground)
    case 'history':
      return onHistory(state, mode, press, ground)
    case 'compare':
      return onCompare(state, mode, press, ground)
    case 'told':
      return isClosing(press) ? alone({ ...state, mode: { kind: 'browse' } }) : alone(state)
    case 'editor':
      return onEditor(state, mode, press, ground)
  }
}

const isClosing = (press: Press) => press.type === 'text' || ['escape', 'enter'].includes(press.key)

/** The file was read, for the first time or because it is another one now: drafts stay, and what clashes with them is told. */
function read(state: ConfigState, form: Extract<ConfigEvent, { type: 'read' }>['form']): Reduced {
  const isFirst = state.reading.kind !== 'read'
  const drafts = draftsAfter(state.drafts, form.fields)
  const next: ConfigState = {
    ...state,
    reading: { kind: 'read', form },
    drafts,
    added: state.added.filter(({ path }) => !form.fields.some((field) => field.path === path)),
    revealed: undefined,
  }
  const clashing = [...drafts.values()].filter((draft) => isInConflict(draft, fieldsOf(next)))
  const told =
    clashing.length > 0
      ? [
          notice(
            `Somebody else changed what you have drafts of: ${clashing.map(({ field }) => field.path).join(', ')}.`,
          ),
        ]
      : isFirst || drafts.size === 0
        ? []
        : [notice('The file was changed by somebody else; your drafts are kept.')]
  return { state: next, effects: [...told, { type: 'judge', edits: editsOf(drafts) }] }
}

function saved(state: ConfigState, { subject, entry }: Extract<ConfigEvent, { type: 'saved' }>): Reduced {
  const isOwn = subject.kind === 'drafts'
  const what = isOwn ? 'Saved' : `#${subject.entry} is restored`
  const where = entry === null ? '; the file says so already.' : `: #${entry} of the history. What runs is unchanged.`
  return {
    state: { ...state, mode: { kind: 'browse' }, ...(isOwn && { drafts: new Map(), added: [] }) },
    effects: [notice(`${what}${where}`)],
  }
}

function failed(state: ConfigState, trouble: Trouble): Reduced {
  const { mode } = state
  const lost = { kind: 'failed', trouble } as const
  switch (mode.kind) {
    case 'review':
      return alone({ ...state, mode: { ...mode, diff: lost, isSaving: false, choice: 'cancel' } })
    case 'history':
      return alone({ ...state, mode: { ...mode, list: lost } })
    case 'compare':
      return alone({ ...state, mode: { ...mode, diff: lost } })
    case 'editor':
      return alone({ ...state, mode: { kind: 'told', trouble } })
    default:
      return { state, effects: [told(trouble)] }
  }
}

/** The same state where nothing was handed over: this is looked at again and again. */
function returned(state: ConfigState): ConfigState {
  const drafts = takenBack(state.drafts)
  return drafts === state.drafts ? state : { ...state, drafts }
}

const told = ({ message, hint }: Trouble) => notice(hint === undefined ? message : `${message} ${hint}`)
