import type { RunResult, StampedEvent } from '../../../core/kernel/events.ts'
import { formatDuration, plural } from '../format.ts'
import { glyph, paint, type Style } from '../style.ts'
import type { RunState } from './run-state.ts'

const ENDS: { readonly [result in RunResult]: string } = {
  committed: 'done',
  'rolled-back': 'undone',
  'rollback-failed': 'not all of it could be undone',
  parked: 'in effect, but its last steps are not done',
}

/** One event as lines of a log; `state` is that of the run after the event. Progress is only told when it is asked for. */
export function plainLines(event: StampedEvent, state: RunState, style: Style, verbose: boolean): string[] {
  const title = 'operation' in event ? (state.steps.get(event.operation)?.title ?? event.operation) : ''
  switch (event.type) {
    case 'run.started':
      return [`${state.title}: ${plural(event.operations.length, 'step')}`]
    case 'run.recovering':
      return [
        `An earlier run (${event.run}, started ${event.startedAt}) did not end: ` +
          (event.verdict === 'commit' ? 'finishing it first.' : 'undoing it first.'),
      ]
    case 'operation.started':
      return [`${glyph(style, 'hint')} ${title}`]
    case 'operation.progress':
      return verbose ? [`  ${title}: ${event.progress.message}`] : []
    case 'operation.succeeded':
      return [`${paint(style, 'good', glyph(style, 'done'))} ${title} (${formatDuration(event.elapsedMs)})`]
    case 'operation.failed':
      return [`${paint(style, 'bad', glyph(style, 'failed'))} ${title}: ${event.error.message}`]
    case 'operation.undoing':
      return verbose ? [`undoing ${title}`] : []
    case 'operation.undone':
      return [`${paint(style, 'warn', glyph(style, 'undone'))} undone: ${title}`]
    case 'operation.undoFailed':
      return [`${paint(style, 'bad', glyph(style, 'failed'))} could not undo ${title}: ${event.error.message}`]
    case 'run.verdict':
      return event.verdict === 'undo' ? [`Undoing: ${event.cause?.message ?? 'the run failed'}`] : []
    case 'run.finished':
      return [`${ENDS[event.result]} after ${formatDuration(event.elapsedMs)}`]
    case 'notice':
      return event.level === 'info' ? [event.message] : []
  }
}
