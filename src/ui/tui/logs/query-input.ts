import { edit, insert, type Line } from '../../wizard/line.ts'
import type { LogsAction } from './actions.ts'
import type { Criteria } from './criteria.ts'
import { QUERY_MODES, type Query } from './query.ts'
import { sanitize } from './sanitize.ts'
import type { LogsState } from './view-state.ts'

type InputAction = Extract<LogsAction, { type: 'edit' | 'type' | 'queryMode' | 'inverse' }>

export function withCriteria(state: LogsState, changed: Partial<Criteria>): LogsState {
  return { ...state, criteria: { ...state.criteria, ...changed } }
}

/** What is typed counts at once: search and filter are incremental. */
export function changeInput(state: LogsState, action: InputAction): LogsState {
  const { input } = state
  if (input === undefined) return state
  const { purpose } = input
  const query = purpose === 'save' ? undefined : state.criteria[purpose]
  switch (action.type) {
    case 'edit':
      return withLine(state, edit(input.line, action.how))
    case 'type':
      return withLine(state, insert(input.line, sanitize(action.text.replaceAll(/[\t\r\n]+/g, ' '))))
    case 'queryMode': {
      const at = query === undefined ? 0 : QUERY_MODES.indexOf(query.mode)
      return withQuery(state, { mode: QUERY_MODES[(at + 1) % QUERY_MODES.length] ?? 'plain' })
    }
    case 'inverse':
      return withQuery(state, { inverse: query?.inverse !== true })
  }
}

function withLine(state: LogsState, line: Line): LogsState {
  const { input } = state
  if (input === undefined) return state
  return withQuery({ ...state, input: { ...input, line } }, { text: line.text })
}

function withQuery(state: LogsState, changed: Partial<Query>): LogsState {
  const purpose = state.input?.purpose
  if (purpose === undefined || purpose === 'save') return state
  return withCriteria(state, { [purpose]: { ...state.criteria[purpose], ...changed } })
}
