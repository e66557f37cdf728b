import type { ServiceLogLine } from '../../../core/actions/logs.ts'
import type { LogEntry, Source } from './chunk.ts'
import { isContinuation, type Level, levelOf } from './level.ts'
import { sanitize } from './sanitize.ts'

/**
 * Makes lines as they come ready for the history: their time as a number, their text safe for a terminal, their level.
 * A line that goes on with the one before it has its level, so that a stack trace stays with its error.
 */
export function ingester(): (lines: readonly ServiceLogLine[]) => readonly LogEntry[] {
  const known = new Map<string, { readonly source: Source; level: Level | undefined }>()

  const knownOf = ({ service, container }: ServiceLogLine) => {
    const found = known.get(container)
    if (found !== undefined) return found
    const fresh = { source: { service: sanitize(service), container: sanitize(container) }, level: undefined }
    known.set(container, fresh)
    return fresh
  }

  return (lines) =>
    lines.map((line) => {
      const text = sanitize(line.line)
      const from = knownOf(line)
      const level = levelOf(text) ?? (isContinuation(text) ? from.level : undefined)
      from.level = level
      return { source: from.source, stream: line.stream, time: timeOf(line.timestamp), level, text }
    })
}

/** ms since 1970 with decimals: RFC 3339 with nine decimals, of which dates keep three. NaN for what is no timestamp. */
export function timeOf(timestamp: string): number {
  const finer = timestamp.length > MILLISECONDS ? Number(timestamp.slice(MILLISECONDS, -1)) : 0
  return Date.parse(timestamp) + finer / 10 ** (timestamp.length - MILLISECONDS - 1)
}

/** Characters of an RFC 3339 time in UTC up to the last digit that a date keeps. */
const MILLISECONDS = '2026-01-01T00:00:00.000'.length
