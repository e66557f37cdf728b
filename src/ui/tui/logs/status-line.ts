import { glyph, paint, type Style } from '../../cli/style.ts'
import { showLine } from '../../wizard/line.ts'
import type { Query } from './query.ts'
import type { Progress } from './search.ts'
import { cursorLine, type LogsState, type Purpose, queryFor, type Viewed } from './view-state.ts'
import { columns, cut, padded } from './width.ts'

/** What the line below the logs tells beside the state. */
export interface Facts {
  readonly complaints: { readonly filter: string | undefined; readonly search: string | undefined }
  readonly progress: Progress
  readonly dropped: number
}

const ASKS: { readonly [purpose in Purpose]: string } = {
  search: 'Search',
  filter: 'Show only',
  services: 'Only services',
  save: 'Save to file',
}

/** The line below the logs, exactly as wide as the area: what is typed, or how things stand. */
export function drawStatus(state: LogsState, viewed: Viewed, facts: Facts, style: Style): string {
  const { width } = viewed.area
  if (state.input !== undefined) return drawInput(state, viewed, facts, style)
  if (state.notice !== undefined) return paint(style, 'note', padded(` ${state.notice}`, width))
  return paint(style, 'quiet', padded(` ${statusParts(state, viewed, facts, style).join('  ')}`, width))
}

function statusParts(state: LogsState, viewed: Viewed, facts: Facts, style: Style): readonly string[] {
  const { criteria } = state
  const { filter, search, services, level, since, until } = criteria
  const fresh = viewed.appended - state.seen
  const waiting = fresh > 0 ? `, ${count(fresh)} new` : ''
  return [
    state.follows ? `FOLLOW ${style.unicode ? '▼' : 'v'}` : `PAUSED${waiting}`,
    ...(search.text === '' ? [] : [`/${shown(search)} ${matchText(state, viewed, facts)}`]),
    ...(filter.text === '' ? [] : [`&${shown(filter)}${complaint(facts.complaints.filter)}`]),
    ...(services.length === 0 ? [] : [`only ${services.join(', ')}`]),
    ...(level === undefined ? [] : [`${level} and above`]),
    ...(since === undefined ? [] : [`from ${clock(since)}`]),
    ...(until === undefined ? [] : [`to ${clock(until)}`]),
    ...(state.marks.length === 0 ? [] : [`${state.marks.length} marked`]),
    state.wraps ? 'wrap on' : state.column > 0 ? `wrap off, from character ${state.column + 1}` : 'wrap off',
    linesText(viewed, facts, style),
  ]
}

function linesText({ lines }: Viewed, { progress, dropped }: Facts, style: Style): string {
  const shownLines = lines.count('shown')
  const of = shownLines === progress.of ? '' : ` of ${count(progress.of)}`
  const gone = dropped === 0 ? '' : `, ${count(dropped)} older gone`
  const looking = progress.judged < progress.of ? `, looking${glyph(style, 'ellipsis')}` : ''
  return `${count(shownLines)}${of} lines${gone}${looking}`
}

/** `3 of 18`, in lines. */
function matchText(state: LogsState, { lines }: Viewed, { complaints, progress }: Facts): string {
  if (complaints.search !== undefined) return complaint(complaints.search)
  const all = lines.count('match')
  const more = progress.judged < progress.of ? '+' : ''
  const line = state.follows ? undefined : cursorLine(state, { lines })
  const at = line && lines.upTo(line, 'match')
  if (line === undefined || at?.number !== line.number) return `${count(all)}${more} found`
  return `${count(lines.count('match', line) + 1)} of ${count(all)}${more}`
}

function drawInput(state: LogsState, viewed: Viewed, facts: Facts, style: Style): string {
  const { input, criteria } = state
  if (input === undefined) return ''
  const { width } = viewed.area
  const { purpose } = input
  const query = queryFor(purpose, criteria)
  const how = query === undefined ? '' : ` (${query.inverse ? 'not, ' : ''}${query.mode})`
  const prompt = cut(` ${ASKS[purpose]}${how}: `, Math.floor(width / 2))
  const answer =
    purpose === 'search' && query?.text !== ''
      ? matchText(state, viewed, facts)
      : purpose === 'filter'
        ? (facts.complaints.filter ?? `${count(viewed.lines.count('shown'))} lines`)
        : purpose === 'services'
          ? servicesText(criteria.services, viewed.services)
          : ''
  const told = cut(answer === '' ? '' : `  ${answer.trim()}`, Math.floor(width / 3))
  const room = Math.max(1, width - columns(prompt) - columns(told))
  const typed = showLine(input.line, room)
  return paint(style, 'strong', prompt) + padded(withCursor(typed, style), room) + paint(style, 'note', told)
}

function servicesText(chosen: readonly string[], services: readonly string[]): string {
  const found = services.filter((name) => chosen.includes(name))
  if (chosen.length === 0) return 'all'
  return found.length === 0 ? `none of ${services.join(', ')}` : found.join(', ')
}

/** A bar where the cursor stands, at the end as everywhere. */
function withCursor({ text, cursor }: { text: string; cursor: number }, style: Style): string {
  const left = cut(text, cursor)
  return `${left}${style.unicode ? '▏' : '_'}${text.slice(left.length)}`
}

function shown({ text, mode, inverse }: Query): string {
  return `${inverse ? '!' : ''}${text}${mode === 'plain' ? '' : ` (${mode})`}`
}

const complaint = (why: string | undefined): string => (why === undefined ? '' : ` ${why}`)
const count = (number: number): string => number.toLocaleString('en-GB')
const clock = (time: number): string => `${new Date(time).toISOString().slice(11, 19)}`
