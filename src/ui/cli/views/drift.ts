import type { Drift } from '../../../core/actions/drift.ts'
import { glyph, paint, type Style } from '../style.ts'

/** What is not as configured, one line for each resource. */
export function renderDrift(instance: string, { drifted, differences, remarks }: Drift, style: Style): string {
  const head = drifted
    ? `${paint(style, 'warn', glyph(style, 'warning'))} ${instance} is not as configured:`
    : `${paint(style, 'good', glyph(style, 'done'))} ${instance} is as configured.`
  const lines = differences.map(
    ({ resource, cause }) => `  ${paint(style, 'warn', resource)}  ${paint(style, 'quiet', cause)}`,
  )
  return [head, ...lines, ...remarks.map((remark) => `  ${paint(style, 'quiet', remark)}`)].join('\n')
}
