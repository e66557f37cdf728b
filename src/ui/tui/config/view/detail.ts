import { glyph, type Style, type Tone } from '../../../cli/style.ts'
import { wrap } from '../../../wizard/view/text.ts'
import type { Spans } from '../../view/spans.ts'
import { isInConflict } from '../drafts.ts'
import type { ConfigState, Field, Mode } from '../model.ts'
import { fieldsOf, findingsOn, rowAt } from '../rows.ts'
import { meaningOf, shownText } from '../value.ts'
import { showRows } from '../value-editor.ts'
import { fromText, signOf } from './list.ts'

/** What stands beside or below the list: lines, and where the terminal's cursor is in them. */
export interface Part {
  readonly title: string
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** The most rows of a text that is typed. */
const MOST_ROWS = 6

export const toned = (text: string, width: number, tone?: Tone): readonly Spans[] =>
  wrap(text, Math.max(8, width)).map((part) => [{ text: part, tone }])

/** What there is to know about the setting at the cursor, or the place to type. */
export function detail(state: ConfigState, width: number, style: Style): Part {
  const { mode } = state
  switch (mode.kind) {
    case 'edit':
      return editor(mode, width, style)
    case 'choose':
      return choices(mode, width, style)
    case 'name':
      return oneLine(`A new name in ${mode.table.path}`, 'Name: ', mode.line, [mode.table.help], width)
    case 'search':
      return oneLine('Search', '/', mode.line, ['Words of a name or its help. Enter keeps it, Esc shows all.'], width)
    default: {
      const row = rowAt(state)
      if (row === undefined) return { title: 'Setting', lines: [] }
      if (row.kind === 'table') return { title: row.id, lines: toned(row.table.help, width) }
      const field = fieldsOf(state).find(({ path }) => path === row.id) ?? row.field
      return { title: field.path, lines: facts(field, state, width, style) }
    }
  }
}

function facts(field: Field, state: ConfigState, width: number, style: Style): readonly Spans[] {
  const draft = state.drafts.get(field.path)
  const mask = glyph(style, 'masked')
  const text = (value: unknown) => shownText(field, value, mask) || 'nothing'
  const isRevealed = state.revealed?.path === field.path
  const words = [
    ...(field.isRequired ? ['required'] : []),
    ...(field.isSecret ? ['secret'] : []),
    ...(field.generate === undefined ? [] : ['can be made (p)']),
    ...(field.parameter === undefined ? [] : [`${field.parameter} of the template`]),
  ]
  const isSet = field.written !== null
  const origin = draft === undefined ? fromText(field, state) : 'draft'
  return [
    ...toned(field.help, width),
    ...problems(field, state, width, style),
    ...(isRevealed ? toned(`Value: ${state.revealed?.text ?? ''}`, width, 'warn') : []),
    ...(draft === undefined
      ? []
      : toned(`Draft: ${text(draft.value)}; the file: ${isSet ? text(field.value) : 'not set'}`, width, 'note')),
    ...toned(`From: ${origin}. Default: ${text(field.fallback)}`, width, 'quiet'),
    ...(words.length === 0 ? [] : toned(words.join(', '), width, 'quiet')),
    ...(field.choices.length === 0 ? [] : toned(`One of ${field.choices.join(', ')}`, width, 'quiet')),
  ]
}

function problems(field: Field, state: ConfigState, width: number, style: Style): readonly Spans[] {
  const draft = state.drafts.get(field.path)
  const mask = glyph(style, 'masked')
  const clash = draft !== undefined && isInConflict(draft, fieldsOf(state))
  const now = field.written === null ? 'not set' : shownText(field, field.value, mask)
  return [
    ...(clash
      ? toned(`! Somebody else changed it: the file says ${now} now. Enter keeps yours, u takes theirs.`, width, 'bad')
      : []),
    ...findingsOn(state, field).flatMap((finding) => {
      const { text, tone } = signOf(finding, style)
      return [...toned(`${text} ${finding.message}`, width, tone), ...toned(`  ${finding.hint}`, width, 'quiet')]
    }),
  ]
}

function editor({ field, line }: Extract<Mode, { kind: 'edit' }>, width: number, style: Style): Part {
  const mask = field.isSecret ? glyph(style, 'masked') : undefined
  const { rows, cursor } = showRows(line, width, MOST_ROWS, mask)
  const meant = line.text === '' && field.isSecret ? undefined : meaningOf(field, line.text)
  const refusal =
    meant?.kind === 'refused'
      ? [
          ...toned(`${glyph(style, 'failed')} ${meant.message}`, width, 'bad'),
          ...toned(`  ${meant.hint}`, width, 'quiet'),
        ]
      : []
  const more = field.kind === 'list' ? ' Each line is an item; Ctrl-N begins one.' : ''
  const secret = field.isSecret ? ' Typed anew; empty leaves it as it is.' : ''
  return {
    title: field.path,
    lines: [
      ...rows.map((text): Spans => [{ text }]),
      ...refusal,
      ...(meant?.kind === 'refused' && meant.hint.includes(field.help) ? [] : toned(field.help, width, 'quiet')),
      ...toned(`Enter takes it as a draft, Esc leaves it.${more}${secret}`, width, 'quiet'),
    ],
    cursor,
  }
}

function choices({ field, row }: Extract<Mode, { kind: 'choose' }>, width: number, style: Style): Part {
  const lines = field.choices.map((choice, index): Spans => {
    const isHere = index === row
    return [{ text: `${glyph(style, isHere ? 'running' : 'stopped')} ${choice}`, tone: isHere ? 'strong' : undefined }]
  })
  return { title: field.path, lines: [...lines, ...toned(field.help, width, 'quiet')] }
}

function oneLine(
  title: string,
  prompt: string,
  line: { readonly text: string; readonly cursor: number },
  help: readonly string[],
  width: number,
): Part {
  const { rows, cursor } = showRows(line, width - prompt.length, 1)
  return {
    title,
    lines: [
      [{ text: prompt, tone: 'strong' }, { text: rows[0] ?? '' }],
      ...help.flatMap((text) => toned(text, width, 'quiet')),
    ],
    cursor: { x: prompt.length + cursor.x, y: 0 },
  }
}
