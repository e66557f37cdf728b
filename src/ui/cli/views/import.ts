import type { ImportReport } from '../../../core/actions/import/import.ts'
import type { Place } from '../../../core/errors.ts'
import { glyph, paint, type Style, type Tone } from '../style.ts'

type Note = ImportReport['notes'][number]

const HEADINGS: readonly { readonly kind: Note['kind']; readonly text: string; readonly tone: Tone }[] = [
  { kind: 'warning', text: 'To look at', tone: 'warn' },
  { kind: 'changed', text: 'Works in another way', tone: 'note' },
  { kind: 'left out', text: 'Not carried over', tone: 'strong' },
  { kind: 'replaced', text: 'The template has its own', tone: 'quiet' },
]

/** What was made, what is kept, and everything that is not in it. A dry run shows the config as well. */
export function renderImport(report: ImportReport, next: readonly string[], style: Style): string {
  const { instance, written, config, from, text } = report
  const origin = from.path ?? `the containers of ${from.project}`
  const head = written
    ? `${paint(style, 'good', glyph(style, 'done'))} ${instance} is configured from ${origin}, which is left as it is`
    : `${instance} would be configured from ${origin}. Nothing was written:`
  return [
    ...(written ? [] : [text.trimEnd(), '']),
    head,
    `  Config     ${config}`,
    ...facts(report),
    ...HEADINGS.flatMap(({ kind, text: heading, tone }) => section(report.notes, kind, heading, tone, style)),
    ...stopFirst(report, style),
    '',
    ...(written ? next : []).map(
      (command) => `  ${paint(style, 'warn', glyph(style, 'hint'))} ${paint(style, 'strong', command)}`,
    ),
  ]
    .join('\n')
    .trimEnd()
}

function facts({ data, generated, takesOver }: ImportReport): readonly string[] {
  const kept = [...new Set(data.map(({ source }) => source))]
  return [
    ...(kept.length === 0 ? [] : [`  Data       ${kept.join(', ')}`]),
    ...(generated.length === 0 ? [] : [`  Generated  ${generated.join(', ')}`]),
    ...(takesOver === null ? [] : [`  Takes over the containers of ${takesOver}: the first deploy replaces them`]),
  ]
}

function section(
  notes: readonly Note[],
  kind: Note['kind'],
  heading: string,
  tone: Tone,
  style: Style,
): readonly string[] {
  const own = notes.filter((note) => note.kind === kind)
  if (own.length === 0) return []
  return ['', paint(style, tone, heading), ...own.map((note) => `  ${line(note, style)}`)]
}

function line({ what, why, place }: Note, style: Style): string {
  const where = place === undefined ? '' : `  ${paint(style, 'quiet', placeText(place))}`
  return `${what}: ${why}${where}`
}

/** The file's own name: the folder stands above. */
function placeText({ file, line: number }: Place): string {
  const name = file.split(/[\\/]/).at(-1) ?? file
  return number === undefined ? name : `${name}:${number}`
}

function stopFirst({ stopFirst: containers }: ImportReport, style: Style): readonly string[] {
  if (containers.length === 0) return []
  const why =
    'The instance has another name than the project, so these containers are not replaced. Before the first deploy:'
  return ['', `${paint(style, 'warn', glyph(style, 'warning'))} ${why}`, `  docker stop ${containers.join(' ')}`]
}
