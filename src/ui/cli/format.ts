const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** An amount of bytes as the Docker tools write it (powers of 1000): `12.3 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** Milliseconds in words: `0.4s`, `4s`, `3m 12s`, `2h 5m`, `4d 3h`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${Number((Math.max(0, ms) / 1000).toFixed(1))}s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return join(minutes, 'm', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? join(hours, 'h', minutes % 60, 'm') : join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/

/** `90`, `90s`, `5m`, `1h30m`, `500ms` as milliseconds (a bare number is seconds); undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const parts = DURATION.exec(text)
  if (text === '' || parts === null) return undefined
  const [, days, hours, minutes, seconds, ms] = parts.map((part) => Number(part ?? 0))
  return Math.round(
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000 + (ms ?? 0),
  )
}

/**
 * A moment as seconds since 1970: `10m` (so long before `now`), a number of such seconds, or RFC 3339; undefined when it is
 * none of these. A date without a zone is in the zone of this machine.
 */
export function parseTime(text: string, now: Date): number | undefined {
  if (/^\d{9,}(?:\.\d+)?$/.test(text)) return Number(text)
  const before = parseDuration(text)
  if (before !== undefined) return (now.getTime() - before) / 1000
  const at = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at / 1000
}

/** `1 change`, `3 changes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
