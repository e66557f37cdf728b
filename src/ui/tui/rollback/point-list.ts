import type { RollbackPoint } from '../../../core/actions/rollback/points.ts'
import { glyph, type Style } from '../../cli/style.ts'
import { type Column, tableLines } from '../view/columns.ts'
import { since } from '../view/look.ts'
import type { Span, Spans } from '../view/spans.ts'

/** The head of the table of points, and a row for each. */
export function pointLines(
  points: readonly RollbackPoint[],
  selected: string | undefined,
  now: Date,
  width: number,
  style: Style,
): readonly Spans[] {
  const column = (header: string, rank: number, cell: (point: RollbackPoint) => Spans): Column => ({
    header,
    rank,
    cells: points.map(cell),
  })
  const cursor = style.unicode ? '▸' : '>'
  const columns = [
    column('  POINT', 0, ({ release: { id }, current }) => [
      { text: id === selected ? cursor : ' ', tone: 'strong' },
      { text: current ? `${glyph(style, 'running')} ` : '  ', tone: 'good' },
      { text: id, tone: id === selected ? 'strong' : undefined },
    ]),
    column('VERSION', 2, ({ release: { version } }) => [{ text: version }]),
    column('AGE', 3, ({ release: { deployedAt } }) => [{ text: since(deployedAt, now) }]),
    column('CONTENT', 4, (point) => [{ text: contentText(point) }]),
    column('STATE', 1, (point) => [stateOf(point, style)]),
    column('BY', 5, ({ release: { deployedBy } }) => [{ text: deployedBy, tone: 'quiet' }]),
  ]
  return tableLines(columns, width, style)
}

/** What goes back with it. */
function contentText({ hasConfig, data }: RollbackPoint): string {
  return ['images', ...(hasConfig ? ['config'] : []), ...(data === null ? [] : ['data'])].join('+')
}

/** The worst that is known of it. */
function stateOf(point: RollbackPoint, style: Style): Span {
  const { current, bad, missing } = point
  const sign = (name: Parameters<typeof glyph>[1], text: string) => `${glyph(style, name)} ${text}`
  const unusable = whyUnusable(point)
  if (unusable !== undefined) return { text: sign('failed', unusable), tone: 'bad' }
  if (bad !== null) return { text: sign('warning', `${current ? 'runs now, ' : ''}failed here`), tone: 'warn' }
  if (current) return { text: sign('running', 'runs now'), tone: 'good' }
  if (missing === null) return { text: 'not checked', tone: 'quiet' }
  return { text: sign('done', 'whole'), tone: 'good' }
}

/** Why one cannot go back to it, in a few words; undefined where nothing is known against it. */
export function whyUnusable({ missing, hasStack, hasConfig }: RollbackPoint): string | undefined {
  const [first, ...others] = missing ?? []
  if (first !== undefined) return `image gone: ${first}${others.length === 0 ? '' : ` +${others.length}`}`
  return hasStack || hasConfig ? undefined : 'record damaged'
}
