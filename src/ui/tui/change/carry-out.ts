import type { ChangeReport } from '../../../core/actions/run.ts'
import { ailing } from '../../../core/actions/status.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import { lossText } from '../../cli/backups.ts'
import { PLAIN } from '../../cli/style.ts'
import { diffRows } from '../../cli/views/config-diff.ts'
import { renderRollback } from '../../cli/views/rollback.ts'
import { renderOffer, renderUpdateCheck } from '../../cli/views/update.ts'
import type { Row } from './changer.ts'
import type { ChangeRequest } from './request.ts'

/** A dry run, or what was shown and nothing else. */
export type Way = { readonly dryRun: true } | { readonly fingerprint: string }

/** What an action answered, in one form for all of them. */
export interface Answer {
  /** Null where there is nothing that it could do; `about` says why. */
  readonly report: ChangeReport | null
  readonly about: readonly Row[]
  readonly loss: string | null
  readonly notes: readonly string[]
  /** Services that should run afterwards and do not. */
  readonly ailing: readonly string[]
}

/** Has the action of a request do its work. Errors are those of the action. */
export async function carryOut(world: World, target: Target, request: ChangeRequest, way: Way): Promise<Answer> {
  switch (request.kind) {
    case 'deploy': {
      const { deploy } = await import('../../../core/actions/deploy.ts')
      return answer(await deploy(world, target, way), { judged: [] })
    }
    case 'update': {
      const { update } = await import('../../../core/actions/update.ts')
      const { version } = request
      const { check, change, backup } = await update(world, target, { ...way, version })
      const text =
        check.offer === null ? renderUpdateCheck(check, 'ddalab update', PLAIN) : renderOffer(check.offer, PLAIN)
      const notes = backup === null ? [] : [`The data as it was before the update is in the backup ${backup}.`]
      return answer(change, { about: rows(text), notes, judged: [] })
    }
    case 'rollback': {
      const { rollback } = await import('../../../core/actions/rollback/rollback.ts')
      const { release, restoreData } = request
      const report = await rollback(world, target, release, { ...way, restoreData })
      const { data } = report.rollback
      const notes =
        report.safety === null ? [] : [`The data as it was before the rollback is in the backup ${report.safety}.`]
      const about = rows(renderRollback(report.rollback, PLAIN, world.now()))
      return answer(report, { about, notes, loss: data === null ? null : lossText(data.loss), judged: [] })
    }
    case 'start':
    case 'stop':
    case 'restart': {
      const { lifecycle } = await import('../../../core/actions/lifecycle.ts')
      const { kind, services } = request
      const report = await lifecycle(world, target, kind, services, way)
      return answer(report, kind === 'stop' ? {} : { judged: services })
    }
    case 'config':
    case 'config-restore':
      return changedConfig(world, target, request, way)
    case 'backup': {
      const { createBackup } = await import('../../../core/actions/backup/create.ts')
      const report = await createBackup(world, target, way)
      return answer(report, { notes: report.backup === undefined ? [] : [`The backup is ${report.backup.id}.`] })
    }
    case 'backup-restore': {
      const { restoreBackup } = await import('../../../core/actions/backup/restore.ts')
      const report = await restoreBackup(world, target, request.backup, { ...way, only: [] })
      const notes = [`The data is as of ${report.backup}. What was there before is in the backup ${report.safety}.`]
      return answer(report, { notes, loss: lossText(report.dataLoss), judged: [] })
    }
    case 'destroy': {
      const { destroy } = await import('../../../core/actions/destroy.ts')
      const report = await destroy(world, target, { ...way, volumes: request.volumes })
      const kept = report.keptVolumes.join(', ')
      const about = kept === '' ? [] : [{ text: `Volumes and their data stay: ${kept}` }]
      return answer(report, { about, notes: about.map(({ text }) => text) })
    }
  }
}

async function changedConfig(
  world: World,
  target: Target,
  request: Extract<ChangeRequest, { readonly kind: 'config' | 'config-restore' }>,
  way: Way,
): Promise<Answer> {
  const [{ changeConfig }, { restoring }, { setEdits }] = await Promise.all([
    import('../../../core/actions/config/change-config.ts'),
    import('../../../core/actions/config/backups.ts'),
    import('../../../core/actions/config/edits.ts'),
  ])
  const isRestore = request.kind === 'config-restore'
  const edit = isRestore ? await restoring(world, target, String(request.entry)) : setEdits(request.edits)
  const { applied, diff, entry, warnings } = await changeConfig(world, target, edit, {
    note: { kind: isRestore ? 'restore' : 'change', reason: null },
    dryRun: 'dryRun' in way,
    apply: way,
  })
  const notes = entry === null ? [] : [`The config is #${entry} of its history.`]
  const report = applied === null ? null : { ...applied, warnings: [...warnings, ...applied.warnings] }
  return answer(report, { about: diffRows(diff), notes, judged: [] })
}

interface Rest extends Partial<Pick<Answer, 'about' | 'loss' | 'notes'>> {
  /** Services that should run now (empty: all of them); absent: nobody asks. */
  readonly judged?: readonly string[]
}

function answer(report: ChangeReport | null, { about = [], loss = null, notes = [], judged }: Rest): Answer {
  const ill = judged === undefined || report?.status === undefined ? [] : ailing(report.status, judged)
  return {
    report,
    about,
    loss: loss ?? lostVolumes(report),
    notes,
    ailing: ill.map(({ name, state }) => `${name} is ${state}: its logs say why`),
  }
}

function lostVolumes(report: ChangeReport | null): string | null {
  const lost = (report?.plan.operations ?? []).filter(({ kind }) => kind === 'volume.remove')
  return lost.length === 0 ? null : `This deletes for good: ${lost.map(({ resource }) => resource).join(', ')}.`
}

/** Lines of a text; those of a difference keep the tone of their sign. */
function rows(text: string): readonly Row[] {
  return text.split('\n').map((line): Row => {
    if (/^(?:---|\+\+\+) /.test(line)) return { text: line, tone: 'strong' }
    if (line.startsWith('+')) return { text: line, tone: 'good' }
    return line.startsWith('-') ? { text: line, tone: 'bad' } : { text: line }
  })
}
