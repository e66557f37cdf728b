import type { ToldFinding, Validity } from '../../../core/actions/config/validate.ts'
import { formatPlace } from '../errors.ts'
import { foreignText } from '../foreign-text.ts'
import { plural } from '../format.ts'
import { type Glyph, glyph, paint, type Style, type Tone } from '../style.ts'

type Severity = ToldFinding['severity']

const GROUPS: {
  readonly [severity in Severity]: { readonly sign: Glyph; readonly tone: Tone; readonly noun: string }
} = {
  error: { sign: 'failed', tone: 'bad', noun: 'error' },
  warning: { sign: 'warning', tone: 'warn', noun: 'warning' },
  info: { sign: 'running', tone: 'note', noun: 'note' },
}
const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/** The findings of `config validate` by severity, each with its place, its rule and what to do; then a line that sums up. */
export function renderValidity({ valid, findings, checked, notChecked }: Validity, style: Style): string {
  const groups = ORDER.map((severity) => ({
    ...GROUPS[severity],
    members: findings.filter((finding) => finding.severity === severity),
  })).filter(({ members }) => members.length > 0)
  const blocks = groups.map(({ sign, tone, noun, members }) => {
    const heading = `${paint(style, tone, glyph(style, sign))} ${paint(style, 'strong', plural(members.length, noun))}`
    return [heading, ...members.flatMap((finding) => lines(finding, style)), ''].join('\n')
  })
  const missed = notChecked.map(({ what, why }) =>
    paint(style, 'quiet', `Not checked: ${what} (${foreignText(why, style)})`),
  )
  const counts = groups.map(({ noun, members }) => plural(members.length, noun)).join(', ')
  const verdict = paint(style, valid ? 'good' : 'bad', valid ? 'valid' : 'not valid')
  return [...blocks, ...missed, `${checked.file} is ${verdict}: ${counts === '' ? 'nothing was found' : counts}.`].join(
    '\n',
  )
}

function lines({ rule, message, hint, place }: ToldFinding, style: Style): readonly string[] {
  const where = place === undefined ? '' : `${paint(style, 'note', formatPlace(place))}  `
  return [
    `  ${where}${foreignText(message, style)}  ${paint(style, 'quiet', `[${rule}]`)}`,
    `    ${paint(style, 'quiet', `${glyph(style, 'hint')} ${hint}`)}`,
  ]
}
