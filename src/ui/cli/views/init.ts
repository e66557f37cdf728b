import type { InitReport } from '../../../core/actions/init.ts'
import { glyph, paint, type Style } from '../style.ts'

/** What was made, and the commands that follow. Secrets are named, never shown. */
export function renderInit(report: InitReport, next: readonly string[], style: Style): string {
  const { instance, template, environment, config, generated } = report
  return [
    `${paint(style, 'good', glyph(style, 'done'))} ${instance} is configured: template ${template}, ${environment}`,
    `  Config     ${config}`,
    ...(generated.length === 0 ? [] : [`  Generated  ${generated.join(', ')}`]),
    '',
    ...next.map((command) => `  ${paint(style, 'warn', glyph(style, 'hint'))} ${paint(style, 'strong', command)}`),
  ].join('\n')
}
