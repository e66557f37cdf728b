import type { Check, readiness } from '../../../core/actions/doctor.ts'
import type { HealthReport } from '../../../core/actions/health.ts'
import { foreignText } from '../foreign-text.ts'
import { formatDuration } from '../format.ts'
import { type Glyph, glyph, paint, type Style, type Tone } from '../style.ts'
import { renderTable } from '../table.ts'

type Verdict = Check['verdict'] | HealthReport['checks'][number]['verdict']

const SIGNS: { readonly [verdict in Verdict]: { readonly sign: Glyph; readonly tone: Tone } } = {
  ok: { sign: 'done', tone: 'good' },
  warning: { sign: 'warning', tone: 'warn' },
  unknown: { sign: 'warning', tone: 'warn' },
  failed: { sign: 'failed', tone: 'bad' },
}

type Readiness = ReturnType<typeof readiness>

const VERDICTS: { readonly [found in Readiness]: string } = {
  ready: 'Ready to deploy.',
  'no config': 'This machine is ready; there is no config yet to deploy.',
  'not ready': 'Not ready to deploy yet.',
}

function mark(verdict: Verdict, style: Style): string {
  const { sign, tone } = SIGNS[verdict]
  return paint(style, tone, glyph(style, sign))
}

/** The findings of `doctor`, each with what to do about it. */
export function renderDoctor(checks: readonly Check[], found: Readiness, style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, verdict, message, hint, commands = [], link }) => [
    `${mark(verdict, style)} ${name.padEnd(width)}  ${message}`,
    ...[
      ...(hint === undefined ? [] : [paint(style, 'quiet', `${glyph(style, 'hint')} ${hint}`)]),
      ...commands.map((command) => `    ${paint(style, 'strong', command)}`),
      ...(link === undefined ? [] : [paint(style, 'quiet', `  ${link}`)]),
    ].map((line) => `  ${' '.repeat(width)}  ${line}`),
  ])
  return [...lines, '', VERDICTS[found]].join('\n')
}

/** Every check of `health` as a row. */
export function renderHealth({ checks }: HealthReport, style: Style): string {
  const rows = checks.map(({ name, service, verdict, message, elapsedMs }) => [
    { text: `${glyph(style, SIGNS[verdict].sign)} ${verdict}`, tone: SIGNS[verdict].tone },
    { text: service, tone: 'strong' as const },
    name,
    elapsedMs === 0 ? '-' : formatDuration(elapsedMs),
    foreignText(message, style),
  ])
  return renderTable(
    [
      { header: 'VERDICT' },
      { header: 'SERVICE' },
      { header: 'CHECK', shrink: 1 },
      { header: 'TOOK', align: 'right' },
      { header: 'ANSWER', shrink: 2 },
    ],
    rows,
    style,
  )
}
