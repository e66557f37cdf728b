import type { ListedRelease } from '../../../core/actions/releases.ts'
import { foreignText } from '../foreign-text.ts'
import { formatDuration } from '../format.ts'
import type { Style } from '../style.ts'
import { type Cell, renderTable } from '../table.ts'

/** What `releases --json` tells, oldest first. */
export function releasesData(listed: readonly ListedRelease[]) {
  return {
    releases: listed.map(({ release: { id, version, deployedAt, images }, current, rollbackPoint, dataBackup }) => ({
      id,
      version,
      deployedAt,
      images: Object.fromEntries(
        Object.entries(images).map(([service, { digest, imageId }]) => [service, digest ?? imageId]),
      ),
      current,
      rollbackPoint,
      dataBackup,
    })),
  }
}

/** The releases, the newest first. */
export function renderReleases(listed: readonly ListedRelease[], style: Style, now: Date): string {
  if (listed.length === 0) return 'Nothing has been deployed yet.'
  return renderTable(
    [
      { header: 'RELEASE' },
      { header: 'VERSION', shrink: 1 },
      { header: 'DEPLOYED' },
      { header: 'BY', shrink: 3 },
      { header: 'WHAT', shrink: 4 },
      { header: 'DATA', shrink: 5 },
      { header: 'STATE' },
    ],
    listed.toReversed().map((one): Cell[] => {
      const { id, version, deployedAt, deployedBy, action, of } = one.release
      return [
        { text: id, tone: 'strong' },
        foreignText(version, style),
        `${formatDuration(Math.max(0, now.getTime() - Date.parse(deployedAt)))} ago`,
        foreignText(deployedBy, style),
        of === undefined ? (action ?? 'deploy') : `${action} to ${of}`,
        one.dataBackup === null ? '-' : foreignText(one.dataBackup, style),
        stateOf(one),
      ]
    }),
    style,
  )
}

function stateOf({ current, rollbackPoint, release }: ListedRelease): Cell {
  const lasting = release.irreversible === true ? ', irreversible' : ''
  if (current) return { text: `current${lasting}`, tone: 'good' }
  return rollbackPoint ? `rollback point${lasting}` : { text: `pruned${lasting}`, tone: 'quiet' }
}
