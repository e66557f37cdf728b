import type { History, ListedEntry } from '../../../core/config/history/index.ts'
import { renderProblems } from '../errors.ts'
import { foreignText } from '../foreign-text.ts'
import { glyph, paint, type Style, type Tone } from '../style.ts'
import { type Cell, renderTable } from '../table.ts'

/** The history as `--json` tells it: newest first, as people read it. */
export function configHistoryData({ entries, outside, problems }: History) {
  return { entries: entries.toReversed(), outside, problems }
}

/** Every write of the config, the newest first. */
export function renderConfigHistory({ entries, outside, problems }: History, style: Style): string {
  const table = renderTable(
    [
      { header: '#', align: 'right' },
      { header: 'WHEN', shrink: 1 },
      { header: 'WHO', shrink: 4 },
      { header: 'WHAT', shrink: 3 },
      { header: 'WHY', shrink: 2 },
      { header: 'CONTENT' },
    ],
    entries
      .toReversed()
      .map((entry): Cell[] => [
        { text: String(entry.number), tone: 'strong' },
        moment(new Date(entry.at)),
        entry.by === null ? 'by hand' : foreignText(entry.by, style),
        foreignText(what(entry), style),
        entry.reason === null ? '-' : foreignText(entry.reason.replaceAll(/\s+/g, ' '), style),
        stateOf(entry),
      ]),
    style,
  )
  const warning = paint(style, 'warn', glyph(style, 'warning'))
  return [
    entries.length === 0 ? 'There is no history yet: it begins with the first change.' : table,
    ...(outside && entries.length > 0
      ? [`${warning} The file was edited by hand since; the next change records it.`]
      : []),
    ...renderProblems(problems, style),
  ].join('\n')
}

function what({ kind, changes }: ListedEntry): string {
  return changes.length === 0 ? kind : `${kind}: ${changes.join(', ')}`
}

function stateOf({ current, kept, written }: ListedEntry): { readonly text: string; readonly tone: Tone } {
  if (current) return { text: 'current', tone: 'good' }
  if (written === false) return { text: 'not written', tone: 'warn' }
  const text = kept ? 'kept' : 'pruned'
  return written === null ? { text: `${text}, maybe not written`, tone: 'warn' } : { text, tone: 'quiet' }
}

/** In the time of this machine, as people write it into their notes. */
function moment(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
