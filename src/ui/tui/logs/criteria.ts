import type { Chunk } from './chunk.ts'
import { LEVELS, type Level } from './level.ts'
import { type Compiled, compile, type Matcher, type Query, type Span } from './query.ts'

/** Which lines are shown, and which of them are matches. */
export interface Criteria {
  /** Empty: all. */
  readonly services: readonly string[]
  /** ms since 1970, both included. */
  readonly since: number | undefined
  readonly until: number | undefined
  /** The least level shown. A line without a level counts as `info`. */
  readonly level: Level | undefined
  readonly filter: Query
  readonly search: Query
}

export const NO_QUERY: Query = { text: '', mode: 'plain', inverse: false }

export const EVERYTHING: Criteria = {
  services: [],
  since: undefined,
  until: undefined,
  level: undefined,
  filter: NO_QUERY,
  search: NO_QUERY,
}

export type Verdict = 'hidden' | 'shown' | 'match'

/** Criteria made ready: judges single lines. A query with an error hides nothing and matches nothing. */
export interface Judge {
  readonly unbounded: boolean
  /** What is wrong with a query, in words. */
  readonly complaints: { readonly filter: string | undefined; readonly search: string | undefined }
  verdict(chunk: Chunk, index: number): Verdict
  /** Where the search matches, to be highlighted; nothing when it is inverse. */
  spans(text: string): readonly Span[]
}

export function judgeOf(criteria: Criteria): Judge {
  const filter = compile(criteria.filter)
  const search = compile(criteria.search)
  const keep = matcherOf(filter)
  const find = matcherOf(search)
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, level } = criteria
  const services = criteria.services.length === 0 ? undefined : new Set(criteria.services)
  const least = level === undefined ? 0 : LEVELS.indexOf(level)

  return {
    unbounded: keep?.unbounded === true || find?.unbounded === true,
    complaints: { filter: complaintOf(filter), search: complaintOf(search) },
    verdict(chunk, index) {
      const time = chunk.time(index)
      if (time < since || time > until) return 'hidden'
      if (services !== undefined && !services.has(chunk.source(index).service)) return 'hidden'
      if (least > 0 && LEVELS.indexOf(chunk.level(index) ?? 'info') < least) return 'hidden'
      if (keep === undefined && find === undefined) return 'shown'
      const text = chunk.text(index)
      if (keep !== undefined && keep.test(text) === criteria.filter.inverse) return 'hidden'
      return find !== undefined && find.test(text) !== criteria.search.inverse ? 'match' : 'shown'
    },
    spans: (text) => (find === undefined || criteria.search.inverse ? [] : find.spans(text)),
  }
}

function matcherOf(compiled: Compiled): Matcher | undefined {
  return compiled.kind === 'matcher' ? compiled.matcher : undefined
}

function complaintOf(compiled: Compiled): string | undefined {
  return compiled.kind === 'invalid' ? compiled.why : undefined
}
