import type { RollbackPoint } from '../../../core/actions/rollback/points.ts'
import type { ChangeRequest } from '../change/request.ts'
import { LOADING, type Loaded } from '../loaded.ts'
import type { Preview } from './source.ts'

export interface RollbackState {
  readonly points: Loaded<readonly RollbackPoint[]>
  /** The id of the release that the cursor is on. */
  readonly selected: string | undefined
  /** The data goes back as well. */
  readonly restoresData: boolean
  /** By `previewKey`. */
  readonly previews: ReadonlyMap<string, Loaded<Preview>>
  /** Lines of the difference above the screen. */
  readonly top: number
  /** The difference has the whole screen. */
  readonly isZoomed: boolean
}

export const START: RollbackState = {
  points: LOADING,
  selected: undefined,
  restoresData: false,
  previews: new Map(),
  top: 0,
  isZoomed: false,
}

export type RollbackAction =
  | { readonly type: 'points'; readonly points: Loaded<readonly RollbackPoint[]> }
  | { readonly type: 'preview'; readonly key: string; readonly preview: Loaded<Preview> }
  /** What was previewed is asked for again. */
  | { readonly type: 'forget' }
  | { readonly type: 'move'; readonly steps: number }
  /** `reach`: how far the difference can be scrolled. */
  | { readonly type: 'scroll'; readonly lines: number; readonly reach: number }
  | { readonly type: 'data' }
  | { readonly type: 'zoom' }

/** The screen after an action. Pure. */
export function reduceRollback(state: RollbackState, action: RollbackAction): RollbackState {
  switch (action.type) {
    case 'points':
      return withPoints(state, action.points)
    case 'preview':
      return { ...state, previews: new Map([...state.previews, [action.key, action.preview]]) }
    case 'forget':
      return { ...state, previews: new Map() }
    case 'move': {
      const ids = pointsIn(state).map(({ release }) => release.id)
      const index = ids.indexOf(state.selected ?? '') + action.steps
      const selected = ids[Math.min(Math.max(index, 0), ids.length - 1)]
      return selected === state.selected ? state : { ...state, selected, restoresData: false, top: 0 }
    }
    case 'scroll':
      return { ...state, top: Math.min(Math.max(state.top + action.lines, 0), Math.max(0, action.reach)) }
    case 'data':
      return (selectedPoint(state)?.data ?? null) === null
        ? state
        : { ...state, restoresData: !state.restoresData, top: 0 }
    case 'zoom':
      return { ...state, isZoomed: !state.isZoomed, top: 0 }
  }
}

/** What was read stays while it is read again; the cursor begins at what `rollback` would go back to by itself. */
function withPoints(state: RollbackState, points: RollbackState['points']): RollbackState {
  if (points.kind === 'loading') return state.points.kind === 'loaded' ? state : { ...state, points }
  const next: RollbackState = { ...state, points }
  const shown = pointsIn(next)
  const isThere = shown.some(({ release }) => release.id === state.selected)
  // After a change the point is another one, or the difference to it is.
  if (isThere && currentId(state) === currentId(next)) return next
  const begin = shown.find(({ current }) => !current) ?? shown[0]
  return { ...next, selected: begin?.release.id, restoresData: false, top: 0 }
}

export function pointsIn({ points }: Pick<RollbackState, 'points'>): readonly RollbackPoint[] {
  return points.kind === 'loaded' ? points.value : []
}

export function selectedPoint(state: RollbackState): RollbackPoint | undefined {
  return pointsIn(state).find(({ release }) => release.id === state.selected)
}

function currentId(state: Pick<RollbackState, 'points'>): string | undefined {
  return pointsIn(state).find(({ current }) => current)?.release.id
}

/** What a preview is of: the point, what it is the difference to, and whether the data goes back. */
export function previewKey(state: RollbackState): string | undefined {
  if (selectedPoint(state) === undefined) return undefined
  return `${currentId(state)} ${state.selected} ${state.restoresData ? 'with data' : ''}`.trimEnd()
}

export function previewOf(state: RollbackState): Loaded<Preview> {
  return state.previews.get(previewKey(state) ?? '') ?? LOADING
}

/** What Enter does: a change to ask for, or why there is none. Pure. */
export function decide(
  state: RollbackState,
): { readonly kind: 'ask'; readonly request: ChangeRequest } | { readonly kind: 'tell'; readonly text: string } {
  const tell = (text: string) => ({ kind: 'tell', text }) as const
  const point = selectedPoint(state)
  if (point === undefined) return tell('There is nothing to go back to yet.')
  const { id } = point.release
  const preview = previewOf(state)
  if (preview.kind === 'failed') return tell(preview.problems[0]?.message ?? preview.message)
  // While it is read the plan is made all the same, and says what is wrong.
  if (preview.kind === 'loaded' && preview.value.changes === 0)
    return tell(`${id} is what runs: there is nothing to change.`)
  return { kind: 'ask', request: { kind: 'rollback', release: id, restoreData: state.restoresData } }
}
