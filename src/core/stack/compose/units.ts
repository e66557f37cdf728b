import type { Cursor } from './cursor.ts'

const UNITS: { readonly [unit: string]: number } = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const DURATION_PART = /(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h|d|w)/y

/** ms of a duration such as `1m30s`, `500ms`, `0`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  let total = 0
  DURATION_PART.lastIndex = 0
  let end = 0
  for (let part = DURATION_PART.exec(text); part !== null; part = DURATION_PART.exec(text)) {
    total += Number(part[1]) * (UNITS[part[2] ?? ''] ?? Number.NaN)
    end = DURATION_PART.lastIndex
  }
  return end === text.length && text !== '' ? total : undefined
}

/** A duration of so many ms as Compose takes it. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds % 1000 === 0) return `${milliseconds / 1000}s`
  return Number.isInteger(milliseconds) ? `${milliseconds}ms` : `${Math.round(milliseconds * 1e6)}ns`
}

export function readDuration(cursor: Cursor): number | undefined {
  const text = cursor.text()
  if (text === undefined) return undefined
  return parseDuration(text) ?? cursor.expected('a duration such as 30s or 1m30s')
}

/** Bytes of a size such as `512m`, `1.5 GiB`, `1024`: always powers of 1024, as in Docker. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(text)
  if (match === null) return undefined
  const power = ' kmgtp'.indexOf((match[2] || ' ').toLowerCase())
  return Math.floor(Number(match[1]) * 1024 ** power)
}

/** The largest unit that keeps the number whole. */
export function formatSize(bytes: number): string {
  const power = bytes === 0 ? 0 : [4, 3, 2, 1].find((candidate) => bytes % 1024 ** candidate === 0)
  return power ? `${bytes / 1024 ** power}${' kmgt'[power]}` : `${bytes}b`
}

export function readSize(cursor: Cursor): number | undefined {
  const text = cursor.text()
  if (text === undefined) return undefined
  return parseSize(text) ?? cursor.expected('a size such as 512m or 2g')
}
