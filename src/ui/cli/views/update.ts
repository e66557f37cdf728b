import type { UpdateCheck, UpdateOffer } from '../../../core/actions/update-check.ts'
import type { DownloadReport } from '../../../core/actions/update-download.ts'
import type { DueReport } from '../../../core/actions/update-due.ts'
import { foreignText } from '../foreign-text.ts'
import { formatBytes, plural } from '../format.ts'
import { glyph, paint, type Style } from '../style.ts'

/** What a check has found. `install` is the command that installs it. */
export function renderUpdateCheck(check: UpdateCheck, install: string, style: Style): string {
  const { offer } = check
  const from = `From ${check.source.name}, channel ${check.channel}.`
  if (offer !== null) return [...offerLines(offer, install, style), '', paint(style, 'quiet', from)].join('\n')
  return [...nothingLines(check, install, style), paint(style, 'quiet', from)].join('\n')
}

function nothingLines({ current, newer }: UpdateCheck, install: string, style: Style): readonly string[] {
  const [newest] = newer
  const good = (text: string) => `${paint(style, 'good', glyph(style, 'done'))} ${text}`
  const warning = (text: string) => `${paint(style, 'warn', glyph(style, 'warning'))} ${text}`
  if (current.version === null) {
    const name = newest === undefined ? '' : ` Name one to go to it: ${install} ${newest.version}`
    return [warning(`${current.reference} moves, and is of no version that is known: nothing can be offered.${name}`)]
  }
  if (newest === undefined) return [good(`${current.version} is the newest version.`)]
  // Somebody has named the version that runs, or this program is too old for what there is.
  const needs = newest.minimumConfig === null ? '' : ` and needs a newer ddalab (config ${newest.minimumConfig})`
  return [warning(`${current.version} stays. ${newest.version} is the newest version${needs}.`)]
}

/** A release that can be installed: what it is, and what it says of itself. */
export function renderOffer(offer: UpdateOffer, style: Style): string {
  return offerLines(offer, 'ddalab update', style).join('\n')
}

function offerLines(offer: UpdateOffer, install: string, style: Style): readonly string[] {
  const over = offer.current === null ? '' : ` (${offer.current} is current)`
  const warning = (text: string) => `  ${paint(style, 'warn', glyph(style, 'warning'))} ${text}`
  const notes = offer.notes?.trimEnd().split(/\r?\n/) ?? []
  return [
    `${paint(style, 'note', glyph(style, 'hint'))} ${paint(style, 'strong', offer.version)} can be installed${over}: ${install}`,
    ...(offer.mandatory ? [warning('It must not be skipped.')] : []),
    ...(offer.irreversible ? [warning('What it does to the data cannot be undone without a backup.')] : []),
    ...Object.entries(offer.images).map(([service, { reference, size }]) => {
      const bytes = size === null ? '' : `  ${paint(style, 'quiet', formatBytes(size))}`
      return `  ${paint(style, 'strong', service)}  ${reference}${bytes}`
    }),
    ...(notes.length === 0 ? [] : ['', ...notes.map((line) => `  ${foreignText(line, style)}`.trimEnd())]),
  ]
}

export function renderDownload({ outcome, check, fetched }: DownloadReport, install: string, style: Style): string {
  if (check.offer === null || outcome === 'no update') return renderUpdateCheck(check, install, style)
  const done =
    outcome === 'there already' ? 'is here already' : `is here now (${plural(fetched.length, 'image')} fetched)`
  return `${paint(style, 'good', glyph(style, 'done'))} ${check.offer.version} ${done}. Install it with: ${install}`
}

/** A timer's run: silent where there is nothing to tell, as cron likes it. */
export function renderDue({ offer, held, installed }: DueReport<unknown>, install: string, style: Style): string {
  if (offer === null || installed !== null) return ''
  const lines = offerLines(offer, install, style)
  return [...lines, ...(held === null ? [] : [paint(style, 'quiet', `Not installed: ${held}.`)])].join('\n')
}
