import { DdalabError, type Place, type Problem, toDdalabError } from '../../core/errors.ts'
import { foreignText } from './foreign-text.ts'
import { glyph, paint, type Style } from './style.ts'

/** `deployment-config.yml:12:3`. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}

function indent(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}

function problemLines(problem: Problem, style: Style): string[] {
  const place = problem.place === undefined ? '' : `${paint(style, 'note', formatPlace(problem.place))}  `
  const lines = [`  ${place}${indent(problem.message, '    ')}`]
  if (problem.hint !== undefined) {
    lines.push(`    ${paint(style, 'quiet', `${glyph(style, 'hint')} ${indent(problem.hint, '      ')}`)}`)
  }
  return lines
}

/** Problems as a list: where, what, what to do. */
export function renderProblems(problems: readonly Problem[], style: Style): string[] {
  return problems.flatMap((problem) => problemLines(problem, style))
}

/**
 * An error for a person: what happened to what and where, every problem, the evidence, what to do now. With `debug` the
 * stack and its causes follow.
 */
export function renderError(thrown: unknown, style: Style, debug = false): string {
  const error = toDdalabError(thrown)
  const { hint, nextSteps = [], place, problems = [], details = [] } = error.options
  const lines = [`${paint(style, 'bad', glyph(style, 'failed'))} ${indent(error.message, '  ')}`]
  if (place !== undefined) lines.push(`  ${paint(style, 'quiet', 'at')} ${paint(style, 'note', formatPlace(place))}`)
  if (problems.length > 0) lines.push('', ...renderProblems(problems, style))
  if (details.length > 0)
    lines.push('', ...details.map((line) => `  ${paint(style, 'quiet', `| ${foreignText(line, style)}`)}`))
  if (hint !== undefined || nextSteps.length > 0) lines.push('')
  if (hint !== undefined) lines.push(`  ${paint(style, 'warn', glyph(style, 'hint'))} ${indent(hint, '    ')}`)
  for (const step of nextSteps) lines.push(`    ${paint(style, 'strong', step)}`)
  if (debug) lines.push('', ...stacks(thrown).map((stack) => paint(style, 'quiet', stack)))
  return lines.join('\n')
}

function stacks(thrown: unknown): string[] {
  const found: string[] = []
  const seen = new Set<unknown>()
  for (let next = thrown; next instanceof Error && !seen.has(next); next = next.cause) {
    seen.add(next)
    found.push(`${found.length === 0 ? '' : 'caused by: '}${next.stack ?? next.message}`)
  }
  return found
}

/** What an aborted piece of work says in the end: the reason of the abort, not `AbortError`. */
export function abortReason(thrown: unknown, signal: AbortSignal): unknown {
  const aborted = thrown instanceof Error && thrown.name === 'AbortError'
  return aborted && signal.aborted && signal.reason instanceof DdalabError ? signal.reason : thrown
}
