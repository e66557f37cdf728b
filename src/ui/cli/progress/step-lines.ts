import type { Progress } from '../../../core/kernel/events.ts'
import { formatBytes, formatDuration, plural } from '../format.ts'
import { type Glyph, glyph, paint, type Style, type Tone } from '../style.ts'
import { truncate } from '../table.ts'
import type { RunState, Step, StepStatus } from './run-state.ts'

const SIGNS: { readonly [status in StepStatus]: { readonly sign: Glyph; readonly tone: Tone } } = {
  waiting: { sign: 'waiting', tone: 'quiet' },
  running: { sign: 'partly', tone: 'note' },
  done: { sign: 'done', tone: 'good' },
  failed: { sign: 'failed', tone: 'bad' },
  undoing: { sign: 'partly', tone: 'warn' },
  undone: { sign: 'undone', tone: 'warn' },
  'undo-failed': { sign: 'failed', tone: 'bad' },
}

const BAR = 20

/** `12.3 MB of 40.1 MB`, `3 of 5 layers`, or the sentence alone. */
export function amount(progress: Progress): string {
  const { current, total, unit } = progress
  if (current === undefined) return ''
  const write = (value: number): string =>
    unit === 'bytes' ? formatBytes(value) : unit === 'seconds' ? formatDuration(value * 1000) : String(value)
  const of = total === undefined || total === 0 ? '' : ` of ${write(total)}`
  return `${write(current)}${of}${unit === 'layers' ? ' layers' : ''}`
}

/** A layer that is unpacked counts from the beginning again. */
const FETCHED = /^(?:Verifying|Download complete|Extracting|Pull complete)/

/** Bytes a second since the pull began: `3.1 MB/s`. */
function rate({ layers = [] }: Progress, elapsedMs: number): string {
  if (elapsedMs < 1000 || !layers.some(({ status }) => status === 'Downloading')) return ''
  const fetched = layers.map(({ status, current, total }) => (FETCHED.test(status) ? total : current))
  const bytes = fetched.reduce((sum, amount) => sum + amount, 0)
  return `${formatBytes((bytes * 1000) / elapsedMs)}/s`
}

function bar(current: number, total: number, style: Style): string {
  const filled = total === 0 ? 0 : Math.round((Math.min(current, total) / total) * BAR)
  return glyph(style, 'filled').repeat(filled) + glyph(style, 'empty').repeat(BAR - filled)
}

/** A step in words, whatever draws it. */
export interface StepText {
  readonly sign: Glyph
  readonly tone: Tone
  readonly title: string
  /** How far it is, what went wrong, how long it took; empty when there is nothing to say. */
  readonly note: string
}

/** What there is to say of a step at a moment (ms since the epoch). */
export function stepText(step: Step, now: number): StepText {
  const active = step.status === 'running' || step.status === 'undoing'
  const elapsed = active && step.since !== undefined ? now - step.since : step.elapsedMs
  const note = [
    ...(step.status === 'undoing' ? ['undoing'] : step.status === 'undone' ? ['undone'] : []),
    ...(active && step.progress !== undefined
      ? [step.progress.message, amount(step.progress), rate(step.progress, elapsed ?? 0)]
      : []),
    ...(step.error === undefined ? [] : [step.error.message.split('\n', 1)[0] ?? '']),
    ...(elapsed === undefined || elapsed < 100 ? [] : [formatDuration(elapsed)]),
  ].filter((part) => part !== '')
  return { ...SIGNS[step.status], title: step.title, note: note.join('  ') }
}

function stepLine(step: Step, style: Style, now: number): string {
  const { sign, tone, title, note } = stepText(step, now)
  const mark = glyph(style, sign)
  const text = truncate(note === '' ? title : `${title}  ${note}`, style.width - mark.length - 3, style)
  const shown = text.slice(0, title.length)
  return `  ${paint(style, tone, mark)} ${shown}${paint(style, 'quiet', text.slice(shown.length))}`
}

/** The layers of a pull that are under way, each with how far it is. */
export function layerTexts(step: Step, style: Style): readonly string[] {
  if (step.status !== 'running') return []
  return (step.progress?.layers ?? [])
    .filter((layer) => layer.total > 0 && layer.current < layer.total)
    .map((layer) => {
      const size = `${formatBytes(layer.current)} of ${formatBytes(layer.total)}`
      return `${layer.id.slice(0, 12)}  ${bar(layer.current, layer.total, style)}  ${size}  ${layer.status}`
    })
}

function layerLines(step: Step, style: Style): readonly string[] {
  return layerTexts(step, style).map((text) => `      ${paint(style, 'quiet', truncate(text, style.width - 7, style))}`)
}

/**
 * The run as lines of the screen, at most `height`: what runs and what failed comes first, what is done and what waits is
 * counted when there is no room.
 */
export function runLines(state: RunState, style: Style, height: number, now: number): string[] {
  if (state.title === undefined) return []
  const steps = [...state.steps.values()]
  const head = paint(style, 'strong', state.undoing ? `Undoing: ${state.title}` : state.title)
  const blocks = steps.map((step) => ({ step, lines: [stepLine(step, style, now), ...layerLines(step, style)] }))
  const all = blocks.flatMap((block) => block.lines)
  if (all.length < height) return [head, ...all]

  const idle = (step: Step): boolean => step.status === 'done' || step.status === 'waiting' || step.status === 'undone'
  const busy = blocks.filter(({ step }) => !idle(step)).map(({ lines }) => lines[0] ?? '')
  const shown = busy.slice(0, Math.max(0, height - 2))
  const done = steps.filter((step) => step.status === 'done').length
  const waiting = steps.filter((step) => step.status === 'waiting').length
  const hidden = busy.length - shown.length
  const counts = [
    `${done} of ${plural(steps.length, 'step')} done`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(hidden > 0 ? [`${hidden} more running`] : []),
  ].join(', ')
  return [head, ...shown, paint(style, 'quiet', `  ${counts}`)].slice(0, height)
}
