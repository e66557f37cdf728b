import { glyph, type Style } from '../../cli/style.ts'
import { isNotSetUp } from '../absent.ts'
import { CHANGE_FOOT } from '../change/keys.ts'
import { isUnderWay } from '../change/state.ts'
import { deedOf } from '../deeds.ts'
import { SCREENS, type ScreenId } from '../screens.ts'
import type { State, Surroundings } from '../state.ts'
import { INSTANCE, since, webLink } from './look.ts'
import { entryScreen, overlayView } from './overlays.ts'
import { overview } from './overview.ts'
import { type Area, draw, fill, type Hit, hitAt, type Spans, widthOf } from './spans.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The smallest terminal on which the dashboard says more than that it is too small. */
export const SMALLEST: Size = { columns: 40, rows: 10 }

/** What the terminal shows: head, body and foot, each no wider than the terminal and together one line less than it has. */
export interface Frame {
  readonly head: readonly string[]
  /** Empty where a screen of its own draws the body. */
  readonly body: readonly string[]
  readonly foot: readonly string[]
  /** How much room the body has. */
  readonly area: Area
  readonly cursor?: { readonly x: number; readonly y: number }
  /** What a click there means: a column and a row of the terminal, from 0. */
  readonly hitAt: (x: number, y: number) => Hit | undefined
}

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows
}

/** The dashboard as lines for a terminal of a size. Pure. */
export function frameOf(state: State, around: Surroundings, size: Size, style: Style): Frame {
  const width = Math.max(1, size.columns - 1)
  const rows = Math.max(1, size.rows - 1)
  const lines = (spans: readonly Spans[]) => spans.map((line) => draw(line, width, style))
  if (isTooSmall(size)) {
    const needs = `Too small: ${size.columns}x${size.rows}, needs ${SMALLEST.columns}x${SMALLEST.rows}. q quits.`
    const body = lines(tooSmall(needs, width)).slice(0, rows)
    return { head: [], body, foot: [], area: { width, height: rows }, hitAt: () => undefined }
  }
  const area: Area = { width, height: rows - 4 }
  const { overlay } = state
  const over =
    overlay === undefined || overlay.kind === 'menu' ? undefined : overlayView(overlay, state, around, area, style)
  const body = over?.lines ?? screenBody(state, around, area, style)
  const head = [titleLine(state, around, style), tabsLine(state, width)]
  return {
    head: lines(head),
    body: lines(fill(body, area.height)),
    foot: lines([statusLine(state, style), keysLine(state, around)]),
    area,
    hitAt: (x, y) => hitAt([...head, ...body], x, y),
    ...(over?.cursor !== undefined && { cursor: { x: over.cursor.x, y: over.cursor.y + 2 } }),
  }
}

function screenBody(state: State, around: Surroundings, area: Area, style: Style): readonly Spans[] {
  return state.screen === 'overview' ? overview(state, around, area, style) : entryScreen(state, around, area, style)
}

function tooSmall(text: string, width: number): readonly Spans[] {
  const parts = text.match(new RegExp(`.{1,${width}}(?: |$)|.{1,${width}}`, 'g')) ?? []
  return parts.map((part) => [{ text: part.trimEnd() }])
}

function titleLine(state: State, { instance, isReadOnly }: Surroundings, style: Style): Spans {
  const { snapshot, connection, now } = state
  const name = { text: ` ${instance}`, tone: 'strong' } as const
  const readOnly: Spans = isReadOnly ? [{ text: '  read-only', tone: 'warn' }] : []
  if (isNotSetUp(state)) return [name, { text: `  ${glyph(style, 'stopped')} not set up`, tone: 'quiet' }, ...readOnly]
  if (connection.kind === 'lost') {
    return [name, { text: `  ${glyph(style, 'failed')} not reachable`, tone: 'bad' }, ...readOnly]
  }
  if (snapshot === undefined) return [name, { text: '  connecting', tone: 'quiet' }, ...readOnly]
  const { state: how, services, version, release } = snapshot.status
  const well = services.filter(({ state: one }) => one === 'running' || one === 'completed').length
  const { sign, tone } = INSTANCE[how]
  const { update } = snapshot
  return [
    name,
    { text: version === null ? '' : `  ${version}` },
    { text: `  ${glyph(style, sign)} ${how} ${well}/${services.length}`, tone },
    { text: release === null ? '' : `  ${release.id}, ${since(release.deployedAt, now)} ago`, tone: 'quiet' },
    { text: update === null ? '' : `  ${glyph(style, 'warning')} ${update.version} available`, tone: 'note' },
    ...readOnly,
  ]
}

function tabsLine({ screen }: State, width: number): Spans {
  const tabs = (isShort: boolean): Spans =>
    SCREENS.map(({ id, title }, index) => {
      const isHere = id === screen
      const text = isShort && !isHere ? `${index + 1}` : `${index + 1} ${title}`
      const hit = { kind: 'screen', id } as const
      return { text: isHere ? ` [${text}]` : `  ${text} `, tone: isHere ? 'strong' : 'quiet', hit }
    })
  const full = tabs(false)
  return widthOf(full) <= width ? full : tabs(true)
}

/** The most important of what there is to say. */
function statusLine(state: State, style: Style): Spans {
  const { notice, connection, snapshot, now, leaving, phase } = state
  if (leaving !== undefined && isUnderWay(phase))
    return [{ text: ` The dashboard closes when it is ${leaving}; q to choose anew.`, tone: 'warn' }]
  if (notice !== undefined) return [{ text: ` ${notice}`, tone: 'note' }]
  if (isNotSetUp(state)) return []
  if (connection.kind === 'lost') {
    return [{ text: ` ${glyph(style, 'failed')} ${connection.message}`, tone: 'bad' }]
  }
  if (snapshot === undefined) return []
  const { operation, addresses } = snapshot.status
  const warning = glyph(style, 'warning')
  if (operation !== null) {
    const begun = `${operation.command}, begun ${since(operation.startedAt, now)} ago`
    return operation.interrupted
      ? [{ text: ` ${warning} interrupted: ${begun}; the next change finishes or undoes it`, tone: 'warn' }]
      : [{ text: ` ${glyph(style, 'partly')} under way: ${begun}`, tone: 'warn' }]
  }
  const [first] = snapshot.warnings
  if (first !== undefined) return [{ text: ` ${warning} ${first}`, tone: 'warn' }]
  const [address] = addresses
  if (address === undefined) return []
  return [
    { text: ' Open ', tone: 'quiet' },
    { text: address, tone: 'note', link: webLink(address) },
  ]
}

function keysLine(state: State, { isReadOnly }: Surroundings): Spans {
  const { overlay, screen, phase } = state
  const keys = (text: string): Spans => [{ text: ` ${text}`, tone: 'quiet' }]
  switch (overlay?.kind) {
    case 'help':
      return keys('Esc back')
    case 'menu':
      return keys('Enter choose  Up Down move  Esc back')
    case 'command':
      return keys(deedOf(overlay.entry.words).kind === 'run' ? 'Enter run  y copy  Esc back' : 'y copy  Esc back')
    case 'discard':
    case 'leave':
      return keys('Enter choose  Up Down move  Esc stay')
    case 'palette':
      return keys('Enter choose  Up Down move  Esc back')
    case undefined:
      if (isNotSetUp(state) && screen === 'overview') return keys(MAKING)
      if (isReadOnly && (screen === 'overview' || screen === 'change')) return keys(READING)
      return keys(screen === 'change' ? CHANGE_FOOT[phase] : (SCREEN_KEYS[screen] ?? GENERAL))
  }
}

const READING = '? help  j k move  Enter logs  : commands  y copy  q quit'
const MAKING = 'i set up  I import  m menu  ? help  : commands  q quit'
const GENERAL = '? help  : commands  y copy  q quit'

const SCREEN_KEYS: { readonly [id in ScreenId]?: string } = {
  overview: '? help  d deploy  u update  b rollback  r restart  e shell  : commands  q quit',
  config: 'Enter edit  s save or apply  / search  E editor  H history  ? help  q quit',
  events: 'j k move  Enter open  / filter  v kind  y copy  ? help  q quit',
  rollback: 'j k move  Enter go back  D data too  z zoom  ? help  q quit',
  logs: '/ search  & filter  f follow  y copy  ? help  : commands  q quit',
}
