import type { StampedEvent } from '../../../core/kernel/events.ts'
import type { Output } from '../output.ts'
import type { Style } from '../style.ts'
import { plainLines } from './plain-lines.ts'
import type { ProgressView } from './progress-view.ts'
import { NO_RUN, nextState, type RunState } from './run-state.ts'
import { runLines } from './step-lines.ts'

const HIDE_CURSOR = '\u001B[?25l'
const SHOW_CURSOR = '\u001B[?25h'
const ERASE_LINE = '\u001B[2K'
const ERASE_BELOW = '\u001B[0J'
/** Well under the 100 ms in which progress must be seen. */
const FRAME_MS = 80

/** Time as the live view needs it; passed in, so that tests decide when a frame is drawn. */
export interface FrameClock {
  now(): number
  /** Calls back every `ms`; returns what stops it. Does not keep the program alive. */
  every(ms: number, callback: () => void): () => void
}

export const SYSTEM_FRAMES: FrameClock = {
  now: () => Date.now(),
  every: (ms, callback) => {
    const timer = setInterval(callback, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

/** The list of steps, redrawn in place on a terminal. What is said meanwhile goes above it. */
export function liveProgress(output: Output, style: () => Style, clock: FrameClock): ProgressView {
  let state: RunState = NO_RUN
  let drawn = 0
  let stopFrames: (() => void) | undefined

  /** Line by line where nothing is said above: it does not flicker, and a terminal that keeps what is erased keeps no frames. */
  const draw = (lines: readonly string[], above = ''): void => {
    const back = drawn === 0 ? '' : `\u001B[${drawn}A\r`
    const over = drawn > 0 && above === ''
    const text = lines.map((line) => `${over ? ERASE_LINE : ''}${line}\n`).join('')
    output.write(over ? `${back}${text}${ERASE_BELOW}` : `${back}${drawn === 0 ? '' : ERASE_BELOW}${above}${text}`)
    drawn = lines.length
  }
  /** Text above the list, and the list when a run is under way. */
  const frame = (above = ''): void => {
    const height = Math.max(4, (output.stream.rows || 24) - 1)
    draw(stopFrames === undefined ? [] : runLines(state, style(), height, clock.now()), above)
  }
  const begin = (): void => {
    output.write(HIDE_CURSOR)
    stopFrames = clock.every(FRAME_MS, () => frame())
  }
  const end = (): void => {
    if (stopFrames === undefined) return
    stopFrames()
    stopFrames = undefined
    draw(runLines(state, style(), Number.POSITIVE_INFINITY, clock.now()))
    drawn = 0
    output.write(SHOW_CURSOR)
  }

  return {
    show(event: StampedEvent) {
      const isBegin = event.type === 'run.started' || event.type === 'run.recovering'
      if (isBegin) end()
      state = nextState(state, event)
      if (event.type === 'run.finished') end()
      else if (isBegin) begin()
      if (isBegin || event.type === 'run.verdict' || event.type === 'notice') {
        const told = event.type === 'run.started' ? [] : plainLines(event, state, style(), false)
        frame(told.map((line) => `${line}\n`).join(''))
      }
    },
    above: (text) => frame(text),
    close: end,
  }
}
