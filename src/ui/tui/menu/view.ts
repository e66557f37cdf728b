import { glyph, type Style } from '../../cli/style.ts'
import { showLine } from '../../wizard/line.ts'
import { pad } from '../../wizard/view/text.ts'
import { paragraph } from '../facts.ts'
import type { Loaded } from '../loaded.ts'
import type { Snapshot } from '../source.ts'
import { INSTANCE } from '../view/look.ts'
import { type Area, box, type Spans } from '../view/spans.ts'
import type { Page } from './deed.ts'
import { rowsOf } from './rows.ts'
import { importWords, isAbsent, isTyping, type MenuFacts, type MenuState, nameComplaint } from './state.ts'

const TITLES: { readonly [kind in Page['kind']]: string } = {
  main: 'Menu',
  backups: 'Back up the data',
  backup: 'Backup',
  instances: 'Installations',
  name: 'New installation',
  import: 'Import an installation',
  uninstall: 'Uninstall: what is to go?',
}

/** The menu as exactly as many lines as the area is high. Pure. */
export function menuView(
  state: MenuState,
  facts: MenuFacts,
  snapshot: Snapshot | undefined,
  area: Area,
  now: Date,
  style: Style,
): readonly Spans[] {
  const { page } = state
  const inner = area.width - 4
  const head = [statusLine(state, facts, snapshot, style), []]
  const room = Math.max(1, area.height - 2 - head.length)
  const lines = isTyping(state) ? textLines(state, facts, inner, style) : rowLines(state, facts, now, room, style)
  const title = page.kind === 'backup' ? `${TITLES.backup} ${page.backup}` : TITLES[page.kind]
  return box(title, [...head, ...lines, ...remarks(state, inner)], area, style)
}

/** The live dot. */
function statusLine(state: MenuState, facts: MenuFacts, snapshot: Snapshot | undefined, style: Style): Spans {
  const name = { text: `${facts.instance}  `, tone: 'strong' } as const
  if (isAbsent(state, facts)) return [name, { text: `${glyph(style, 'stopped')} not set up`, tone: 'quiet' }]
  if (snapshot === undefined) return [name, { text: `${glyph(style, 'waiting')} connecting`, tone: 'quiet' }]
  const { state: how, version } = snapshot.status
  const { sign, tone } = INSTANCE[how]
  return [name, { text: `${glyph(style, sign)} ${how}`, tone }, { text: version === null ? '' : `  ${version}` }]
}

function rowLines(state: MenuState, facts: MenuFacts, now: Date, room: number, style: Style): readonly Spans[] {
  const rows = rowsOf(state, facts, now)
  const longest = Math.max(0, ...rows.map(({ title }) => title.length))
  const top = Math.max(0, Math.min(state.row - room + 1, rows.length - room))
  return rows.slice(top, top + room).map(({ title, about }, index): Spans => {
    const isHere = top + index === state.row
    return [
      { text: isHere ? (style.unicode ? '▸ ' : '> ') : '  ', tone: 'strong' },
      { text: `${pad(title, longest)}  `, tone: isHere ? 'strong' : undefined },
      { text: about, tone: isHere ? undefined : 'quiet' },
    ]
  })
}

function textLines(state: MenuState, facts: MenuFacts, width: number, style: Style): readonly Spans[] {
  const isName = state.page.kind === 'name'
  const label = isName ? 'Name: ' : 'From: '
  const { text, cursor } = showLine(state.line, Math.max(1, width - 7))
  const bar = style.unicode ? '▏' : '_'
  return [
    [{ text: label, tone: 'strong' }, { text: text.slice(0, cursor) + bar + text.slice(cursor) }],
    [],
    ...(isName
      ? paragraph(nameComplaint(state) ?? 'Enter opens the dashboard on it, which offers to set it up.', width, 'quiet')
      : importLines(state, facts, width)),
  ]
}

/** What can be typed, and the command that Enter runs. */
function importLines(state: MenuState, facts: MenuFacts, width: number): readonly Spans[] {
  const what = 'A folder or a file, or the name of a running Compose project; nothing: the usual places are searched.'
  return [
    ...paragraph(what, width, 'quiet'),
    [],
    [{ text: `ddalab ${importWords(state, facts).join(' ')}`, tone: 'note' }],
  ]
}

/** Why a list is not complete. */
function remarks({ page, instances, backups }: MenuState, width: number): readonly Spans[] {
  const read: Loaded<unknown> | undefined =
    page.kind === 'backups' ? backups : page.kind === 'instances' ? instances : undefined
  if (read?.kind === 'loading') return [[{ text: '  Reading...', tone: 'quiet' }]]
  return read?.kind === 'failed' ? paragraph(`${read.message} ${read.hint ?? ''}`.trim(), width, 'bad') : []
}
