import type { StampedEvent } from '../../../core/kernel/events.ts'
import type { Output } from '../output.ts'
import type { Style } from '../style.ts'
import { plainLines } from './plain-lines.ts'
import { NO_RUN, nextState } from './run-state.ts'

/** Shows what the kernel tells while it works. */
export interface ProgressView {
  show(event: StampedEvent): void
  /** Writes text of others where it does not disturb what is shown. */
  above(text: string): void
  /** Leaves the terminal as it was, with what was shown last. */
  close(): void
}

/** A line for each event: for logs, pipes and dumb terminals. */
export function plainProgress(output: Output, style: Style, verbose: boolean): ProgressView {
  let state = NO_RUN
  return {
    show(event) {
      state = nextState(state, event)
      for (const line of plainLines(event, state, style, verbose)) output.write(`${line}\n`)
    },
    above: (text) => output.write(text),
    close: () => undefined,
  }
}

/** Nothing but what others say: for --quiet and --json. */
export function silentProgress(output: Output): ProgressView {
  return { show: () => undefined, above: (text) => output.write(text), close: () => undefined }
}
