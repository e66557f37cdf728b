import type { Event } from './events.ts'
import { allAsked, CHOICES, type Choice, type Questions, type State } from './state.ts'

/** Lines that PageUp and PageDown move. */
const PAGE = 8

/** Keys on the summary: rows lead to their questions, the row below them is that of the choices. */
export function reduceSummary(
  state: State,
  event: Extract<Event, { type: 'text' | 'pasted' | 'key' }>,
  questions: Questions,
): State {
  if (event.type !== 'key') return state
  const rows = allAsked(state, questions)
  const { summary } = state
  const row = Math.min(summary.row, rows.length)
  const onChoices = row === rows.length
  const moved = (to: number): State => ({
    ...state,
    summary: { ...summary, row: Math.min(Math.max(to, 0), rows.length), scroll: 'row' },
  })
  const chosen = (by: number): State => {
    const next = CHOICES[(CHOICES.indexOf(summary.choice) + by + CHOICES.length) % CHOICES.length]
    return { ...state, summary: { ...summary, row: rows.length, choice: next ?? summary.choice } }
  }
  switch (event.key) {
    case 'enter': {
      const field = rows[row]
      return onChoices || field === undefined
        ? decide(state, summary.choice, questions)
        : detour(state, field.id, questions)
    }
    case 'up':
      return moved(row - 1)
    case 'down':
      return moved(row + 1)
    case 'home':
      return moved(0)
    case 'end':
      return moved(rows.length)
    case 'left':
      return chosen(-1)
    case 'right':
    case 'tab':
      return chosen(1)
    case 'pageDown':
      return scrolled(state, PAGE)
    case 'pageUp':
      return summary.scroll === 0 ? last(state, questions) : scrolled(state, -PAGE)
    case 'escape':
    case 'backTab':
      return last(state, questions)
    default:
      return state
  }
}

function decide(state: State, choice: Choice, questions: Questions): State {
  return choice === 'back' ? last(state, questions) : { ...state, ending: choice }
}

function scrolled(state: State, by: number): State {
  const { scroll } = state.summary
  return { ...state, summary: { ...state.summary, scroll: Math.max(0, (scroll === 'row' ? 0 : scroll) + by) } }
}

/** Back to the last question. */
function last(state: State, questions: Questions): State {
  const step = questions.steps.at(-1)
  const field = step?.fields[0]
  return step === undefined ? state : { ...state, step: step.id, field: field?.id ?? '' }
}

function detour(state: State, id: string, { steps }: Questions): State {
  const step = steps.find(({ fields }) => fields.some((field) => field.id === id))
  return step === undefined ? state : { ...state, step: step.id, field: id, detour: true }
}
