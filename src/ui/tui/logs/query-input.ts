import { edit, insert, type Line } from '../../wizard/line.ts'
import type { LogsAction } from './actions.ts'
import type { Criteria } from './criteria.ts'
import { QUERY_MODES, type Query } from './query.ts'
import { sanitize } from './sanitize.ts'
import { type LogsState, queryFor } from './view-state.ts'

type InputAction = Extract<LogsAction, { type: 'edit' | 'type' | 'queryMode' | 'inverse' }>

export function withCriteria(state: LogsState, changed: Partial<Criteria>): LogsState {
  return { ...state, criteria: { ...state.criteria, ...changed } }
}

/** What is typed counts at once: search and filter are incremental. `services`: all that there are. */
export function changeInput(state: LogsState, action: InputAction, services: readonly string[]): LogsState {
  const { input } = state
  if (input === undefined) return state
  const query = queryFor(input.purpose, state.criteria)
  switch (action.type) {
    case 'edit':
      return withLine(state, edit(input.line, action.how), services)
    case 'type':
      return withLine(state, insert(input.line, sanitize(action.text.replaceAll(/[\t\r\n]+/g, ' '))), services)
    case 'queryMode': {
      const at = query === undefined ? 0 : QUERY_MODES.indexOf(query.mode)
      return withQuery(state, { mode: QUERY_MODES[(at + 1) % QUERY_MODES.length] ?? 'plain' })
    }
    case 'inverse':
      return withQuery(state, { inverse: query?.inverse !== true })
  }
}

function withLine(state: LogsState, line: Line, services: readonly string[]): LogsState {
  const { input } = state
  if (input === undefined) return state
  const typed = { ...state, input: { ...input, line } }
  if (input.purpose === 'services') return withCriteria(typed, { services: chosen(line.text, services) })
  return withQuery(typed, { text: line.text })
}

/** The services whose names have one of the words in them. Words that are in none choose none: they stay as they are. */
function chosen(text: string, services: readonly string[]): readonly string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const found = services.filter((name) => words.some((word) => name.includes(word)))
  return found.length === 0 ? words : found
}

function withQuery(state: LogsState, changed: Partial<Query>): LogsState {
  const purpose = state.input?.purpose
  if (purpose !== 'search' && purpose !== 'filter') return state
  return withCriteria(state, { [purpose]: { ...state.criteria[purpose], ...changed } })
}
