import type { ConfigDiff, DiffLine } from '../../../core/config/diff/index.ts'
import { foreignText } from '../foreign-text.ts'
import { glyph, paint, type Style, type Tone } from '../style.ts'

const LINES: { readonly [kind in DiffLine['kind']]: { readonly sign: string; readonly tone?: Tone } } = {
  hunk: { sign: '', tone: 'quiet' },
  context: { sign: ' ' },
  added: { sign: '+', tone: 'good' },
  removed: { sign: '-', tone: 'bad' },
  note: { sign: '\\', tone: 'quiet' },
}

/** The difference as `--json` tells it. */
export function configDiffData({ lines, ...rest }: ConfigDiff) {
  return rest
}

/** A line of a difference, whatever draws it. */
export interface DiffRow {
  readonly text: string
  readonly tone?: Tone
}

/** The difference as `diff -u` writes it, then in words what lines do not tell. */
export function diffRows(diff: ConfigDiff): readonly DiffRow[] {
  if (diff.same) return [{ text: `No difference between ${diff.before} and ${diff.after}.` }]
  const lines = diff.lines.map(({ kind, text }) => {
    const { sign, tone } = LINES[kind]
    return { text: `${sign}${text}`, ...(tone !== undefined && { tone }) }
  })
  const words = remarks(diff).map((text): DiffRow => ({ text, tone: 'warn' }))
  if (lines.length === 0 && words.length === 0) return [{ text: `${diff.before} and ${diff.after} say the same.` }]
  return [
    { text: `--- ${diff.before}`, tone: 'strong' },
    { text: `+++ ${diff.after}`, tone: 'strong' },
    ...lines,
    ...words,
  ]
}

export function renderConfigDiff(diff: ConfigDiff, style: Style): string {
  return diffRows(diff)
    .map(({ text, tone }) => {
      const line = foreignText(text, style)
      if (tone === 'warn') return `${paint(style, 'warn', glyph(style, 'hint'))} ${line}`
      return tone === undefined ? line : paint(style, tone, line)
    })
    .join('\n')
}

function remarks({ encryption, lineEnds, unreadable }: ConfigDiff): readonly string[] {
  const added = encryption?.recipientsAdded ?? []
  const removed = encryption?.recipientsRemoved ?? []
  return [
    ...(encryption?.encrypted === 'now' ? ['Secrets: encrypted now'] : []),
    ...(encryption?.encrypted === 'no longer' ? ['Secrets: no longer encrypted'] : []),
    ...(encryption?.encrypted === 'anew' ? ['Secrets: all encrypted anew; whether one changed cannot be seen'] : []),
    ...added.map((recipient) => `Secrets: can now be read by ${recipient}`),
    ...removed.map((recipient) => `Secrets: can no longer be read by ${recipient}`),
    ...(lineEnds === null ? [] : [`Line ends: ${lineEnds.from} before, ${lineEnds.to} now`]),
    ...unreadable.map((name) => `${name} cannot be read as a config: only what both have is shown of it`),
  ]
}
