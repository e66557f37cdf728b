import { stringify } from 'yaml'
import type { ConfigChangeReport } from '../../../core/actions/config/change-config.ts'
import type { SettingValue, ShownConfig } from '../../../core/actions/config/read-config.ts'
import type { HistoryEntry } from '../../../core/config/history/index.ts'
import { foreignText } from '../foreign-text.ts'
import { glyph, paint, type Style } from '../style.ts'
import { renderTable } from '../table.ts'
import { renderChange } from './change.ts'
import { renderConfigDiff } from './config-diff.ts'

const HIDDEN = '••••••'

/** The config as YAML, with the defaults; a secret that is not revealed is masked. */
export function renderConfig({ config, settings }: ShownConfig): string {
  const hidden = new Set(settings.filter(({ secret, value }) => secret && value === null).map(({ path }) => path))
  return hidden.size === 0 ? yamlOf(config) : yamlOf(withMasks(config))
}

/** Null stands nowhere else: a config has no empty values. */
function withMasks(tree: unknown): unknown {
  if (tree === null) return HIDDEN
  if (typeof tree !== 'object' || Array.isArray(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, withMasks(value)]))
}

function yamlOf(tree: unknown): string {
  return stringify(tree, { lineWidth: 0, singleQuote: true }).trimEnd()
}

/** Every setting with where its value comes from. */
export function renderOrigins({ settings, environment }: ShownConfig, style: Style): string {
  const words: { readonly [origin in SettingValue['origin']]: string } = {
    default: 'default',
    'environment default': `default for ${environment}`,
    file: 'file',
    overlay: `file, for ${environment}`,
    'command line': 'command line',
  }
  return renderTable(
    [{ header: 'SETTING' }, { header: 'VALUE', shrink: 1 }, { header: 'ORIGIN' }],
    settings.map(({ path, value, origin }) => [
      path,
      foreignText(textOf(value), style),
      origin === 'default' ? { text: words[origin], tone: 'quiet' as const } : words[origin],
    ]),
    style,
  )
}

/** One value as it is, for scripts; several as lines of `path: value`. */
export function renderSettings(asked: string, settings: readonly SettingValue[], style: Style): string {
  const [only] = settings
  if (only !== undefined && settings.length === 1 && only.path === asked) return foreignText(textOf(only.value), style)
  return settings.map(({ path, value }) => foreignText(`${path}: ${textOf(value)}`, style)).join('\n')
}

function textOf(value: unknown): string {
  if (value === null) return HIDDEN
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What has become of the config, and of what runs where that was asked for. */
export function renderConfigChange(report: ConfigChangeReport, style: Style, now: Date): string {
  const { outcome, diff, entry, outside, file, applied } = report
  const done = paint(style, 'good', glyph(style, 'done'))
  const running = applied === null ? [] : ['', renderChange(applied, style, now)]
  if (diff.same) return [`${done} ${file} says so already.`, ...running].join('\n')
  const head =
    outcome === 'planned' ? [] : [`${done} ${file} is changed${entry === null ? '' : `, #${entry} of its history`}.`]
  const found = outside === null ? [] : [paint(style, 'quiet', `  It had been edited by hand: that is #${outside}.`)]
  const tail = outcome === 'planned' && applied === null ? ['', 'Dry run: nothing was changed.'] : []
  return [
    renderConfigDiff(diff, style),
    ...(head.length === 0 ? [] : ['']),
    ...head,
    ...found,
    ...running,
    ...tail,
  ].join('\n')
}

export function renderBackup({ number, at }: HistoryEntry, style: Style): string {
  return `${paint(style, 'good', glyph(style, 'done'))} The config as it is now is #${number} of its history (${at}).`
}
