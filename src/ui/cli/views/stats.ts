import type { ServiceStats } from '../../../core/actions/stats.ts'
import { formatBytes } from '../format.ts'
import type { Style } from '../style.ts'
import { renderTable } from '../table.ts'

/** One reading of all containers; the columns of `docker stats`. */
export function renderStats(readings: readonly ServiceStats[], style: Style): string {
  return renderTable(
    [
      { header: 'SERVICE' },
      { header: 'CPU', align: 'right' },
      { header: 'MEMORY', align: 'right' },
      { header: 'OF', align: 'right', shrink: 1 },
      { header: 'NET IN', align: 'right', shrink: 2 },
      { header: 'NET OUT', align: 'right', shrink: 2 },
      { header: 'READ', align: 'right', shrink: 3 },
      { header: 'WRITTEN', align: 'right', shrink: 3 },
      { header: 'PROCESSES', align: 'right', shrink: 4 },
      { header: 'CONTAINER', shrink: 5 },
    ],
    readings.map((reading) => [
      { text: reading.service, tone: 'strong' },
      reading.cpuPercent === undefined ? '-' : `${reading.cpuPercent.toFixed(1)}%`,
      formatBytes(reading.memoryBytes),
      formatBytes(reading.memoryLimit),
      formatBytes(reading.networkReceived),
      formatBytes(reading.networkSent),
      formatBytes(reading.blockRead),
      formatBytes(reading.blockWritten),
      String(reading.processes),
      reading.container,
    ]),
    style,
  )
}
