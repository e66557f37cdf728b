import type { ImageChange } from '../../../core/actions/rollback/image-changes.ts'
import type { RollbackPreview } from '../../../core/actions/rollback/preview.ts'
import type { RollbackReport } from '../../../core/actions/rollback/rollback.ts'
import { lossText } from '../backups.ts'
import { foreignText } from '../foreign-text.ts'
import { formatDuration } from '../format.ts'
import { paint, type Style } from '../style.ts'
import { changeData, renderChange } from './change.ts'
import { configDiffData, renderConfigDiff } from './config-diff.ts'

/** What `rollback --json` tells. */
export function rollbackData(report: RollbackReport) {
  const { from, to, images, config, data } = report.rollback
  const digest = (image: ImageChange['from']) => image && (image.digest ?? image.imageId)
  return {
    ...changeData(report),
    rollback: {
      from,
      to,
      images: images.map((change) => ({ service: change.service, from: digest(change.from), to: digest(change.to) })),
      config: config && configDiffData(config),
      dataBackup: data?.backup ?? null,
      dataLoss: data?.loss ?? null,
      safety: report.safety,
    },
  }
}

/** What a rollback means, for a person who is to agree to it. */
export function renderRollback({ from, to, images, config, data }: RollbackPreview, style: Style, now: Date): string {
  const age = formatDuration(Math.max(0, now.getTime() - Date.parse(to.deployedAt)))
  const head = `From ${from.id} (${foreignText(from.version, style)}) back to ${to.id} (${foreignText(to.version, style)}), deployed ${age} ago`
  const changes = images.map(({ service, from, to }) => `  ${service}: ${nameOf(from, style)} -> ${nameOf(to, style)}`)
  return [
    paint(style, 'strong', head),
    '',
    ...(changes.length === 0 ? ['Images: the same'] : ['Images:', ...changes]),
    ...(config === null
      ? ['Config: stays as it is']
      : config.same
        ? ['Config: the same']
        : ['Config:', renderConfigDiff(config, style)]),
    dataText(from.version, to.version, data, style),
  ].join('\n')
}

function dataText(from: string, to: string, data: RollbackPreview['data'], style: Style): string {
  if (data !== null) return paint(style, 'bad', `Data: back to ${data.backup}. ${lossText(data.loss)}`)
  if (from === to) return 'Data: stays as it is'
  return `Data: stays as it is; ${foreignText(to, style)} has to be able to read what ${foreignText(from, style)} wrote`
}

/** The answer to a rollback: what a dry run shows, or how things are now. */
export function renderRollbackReport(report: RollbackReport, style: Style, now: Date): string {
  const change = renderChange(report, style, now)
  return report.outcome === 'planned' ? `${renderRollback(report.rollback, style, now)}\n\n${change}` : change
}

function nameOf(image: ImageChange['from'], style: Style): string {
  if (image === null) return 'none'
  const { reference, digest, imageId } = image
  const id = (digest ?? imageId).split('sha256:')[1]?.slice(0, 12)
  return foreignText(id === undefined ? reference : `${reference.split('@')[0]} (${id})`, style)
}
