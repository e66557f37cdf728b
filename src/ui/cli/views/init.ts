import type { InitReport } from '../../../core/actions/init.ts'
import { glyph, paint, type Style } from '../style.ts'

/** What was made, and the commands that follow. Secrets are named, never shown. */
export function renderInit(report: InitReport, next: readonly string[], style: Style): string {
  const { instance, template, environment, config, generated, identity } = report
  return [
    `${paint(style, 'good', glyph(style, 'done'))} ${instance} is configured: template ${template}, ${environment}`,
    `  Config     ${config}`,
    ...(generated.length === 0 ? [] : [`  Generated  ${generated.join(', ')}`]),
    ...(identity === undefined ? [] : [`  Identity   ${identity.file}${identity.created ? ' (new)' : ''}`]),
    ...(identity?.created === true
      ? ['', '  The identity opens the secrets in the config. Keep a copy of it elsewhere: without it they are lost.']
      : []),
    '',
    ...next.map((command) => `  ${paint(style, 'warn', glyph(style, 'hint'))} ${paint(style, 'strong', command)}`),
  ].join('\n')
}
