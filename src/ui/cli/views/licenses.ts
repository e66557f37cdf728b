import type { License } from '../installation.ts'
import { paint, type Style } from '../style.ts'
import { renderTable } from '../table.ts'

/** What is part of the program, and then each licence with its text. */
export function renderLicenses(licenses: readonly License[], style: Style): string {
  const rows = licenses.map(({ name, version, license }) => [{ text: name, tone: 'strong' as const }, version, license])
  const texts = licenses.map(
    ({ name, version, text }) => `${paint(style, 'strong', `${name} ${version}`)}\n\n${text.trimEnd()}`,
  )
  const list = renderTable([{ header: 'PACKAGE' }, { header: 'VERSION' }, { header: 'LICENCE' }], rows, style)
  return [list, ...texts].join('\n\n')
}
