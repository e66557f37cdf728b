import type { EnvChangeReport, EnvironmentListing } from '../../../core/actions/config/env.ts'
import type { EnvironmentVariable } from '../../../core/stack/index.ts'
import { foreignText } from '../foreign-text.ts'
import { paint, type Style } from '../style.ts'
import { type Cell, renderTable } from '../table.ts'

/** The variables of an instance: a line each, those of one service in the order of their names. */
export function renderEnvironment({ environment, variables }: EnvironmentListing, style: Style): string {
  if (variables.length === 0) return 'There are no variables.'
  const columns = [
    { header: 'NAME' },
    { header: 'VALUE', shrink: 3 },
    { header: 'KIND', shrink: 4 },
    { header: 'FROM', shrink: 1 },
    { header: 'SERVICES', shrink: 2 },
  ]
  const rows = variables.map((variable): Cell[] => [
    { text: variable.name, tone: 'strong' },
    foreignText(shownValue(variable), style),
    variable.kind,
    sourceOf(variable),
    variable.services.join(', ') || '-',
  ])
  return `Environment ${paint(style, 'strong', environment)}\n\n${renderTable(columns, rows, style)}`
}

/** On one line. */
function shownValue({ value }: EnvironmentVariable): string {
  if (value === null) return '-'
  return /[\r\n\t]/.test(value) || value === '' ? JSON.stringify(value) : value
}

function sourceOf({ paths, origin }: EnvironmentVariable): string {
  if (paths.length === 0) return 'template'
  return origin === null ? paths.join(', ') : `${paths.join(', ')} (${origin})`
}

/** What those names of a change are in the config that are not there under their own name; a sentence each. */
export function renderNames({ changes }: Pick<EnvChangeReport, 'changes'>, style: Style): readonly string[] {
  return changes
    .filter(({ name, path }) => !path.endsWith(`.${name}`))
    .map(({ name, path }) => `${paint(style, 'strong', name)} is ${path}.`)
}
