export const QUERY_MODES = ['plain', 'regex', 'fuzzy'] as const
export type QueryMode = (typeof QUERY_MODES)[number]

/** What somebody typed to search or to filter by. Case counts when the text has a capital. */
export interface Query {
  readonly text: string
  readonly mode: QueryMode
  /** What does not match is meant. */
  readonly inverse: boolean
}

/** Where a match lies in a text, in code units. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Matcher {
  /** It may take unbounded time: run it under a guard. */
  readonly unbounded: boolean
  test(text: string): boolean
  /** Where the matches are, in order, not overlapping, `MOST_SPANS` at most. */
  spans(text: string): readonly Span[]
}

export type Compiled =
  | { readonly kind: 'everything' }
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  | { readonly kind: 'invalid'; readonly why: string }

/** Patterns and fuzzy terms look at no more of a line; plain text is sought in all of it. */
const LOOKED_AT = 10_000
const LONGEST_QUERY = 500
const MOST_SPANS = 200
/** The letters of a fuzzy term lie within so many times its length, or everything would match long lines. */
const SPREAD = 3

/** Makes a query ready. An empty one takes everything; a pattern with an error says which. */
export function compile({ text, mode }: Query): Compiled {
  if (text === '') return { kind: 'everything' }
  if (text.length > LONGEST_QUERY) return { kind: 'invalid', why: `longer than ${LONGEST_QUERY} characters` }
  switch (mode) {
    case 'plain':
      return { kind: 'matcher', matcher: byPattern(RegExp.escape(text), text, Number.POSITIVE_INFINITY, false) }
    case 'regex':
      try {
        return { kind: 'matcher', matcher: byPattern(text, text.replace(/\\./g, ''), LOOKED_AT, true) }
      } catch (thrown) {
        return { kind: 'invalid', why: reason(thrown) }
      }
    case 'fuzzy':
      return { kind: 'matcher', matcher: fuzzy(text) }
  }
}

/** Of `Invalid regular expression: /(/u: Unterminated group`, what a person needs. */
function reason(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return message.slice(message.lastIndexOf(': ') + 1).trim()
}

function byPattern(pattern: string, typed: string, looked: number, unbounded: boolean): Matcher {
  const flags = hasCapital(typed) ? 'u' : 'iu'
  const once = new RegExp(pattern, flags)
  const all = new RegExp(pattern, `g${flags}`)
  const part = (text: string) => (text.length > looked ? text.slice(0, looked) : text)
  return {
    unbounded,
    test: (text) => once.test(part(text)),
    spans: (text) => {
      const spans: Span[] = []
      for (const { 0: found, index } of part(text).matchAll(all)) {
        if (found !== '') spans.push({ start: index, end: index + found.length })
        if (spans.length >= MOST_SPANS) break
      }
      return spans
    },
  }
}

const hasCapital = (text: string): boolean => text !== text.toLowerCase()

/** Every word of the query in the text, each with its letters in order and close together. */
function fuzzy(query: string): Matcher {
  const keepCase = hasCapital(query)
  const words = query.split(/\s+/).filter((word) => word !== '')
  const find = (text: string): readonly Span[] | undefined => {
    const part = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text
    const lower = keepCase ? part : part.toLowerCase()
    const spans: Span[] = []
    for (const word of words) {
      const span = findLetters(lower, word)
      if (span === undefined) return undefined
      spans.push(span)
    }
    // Lower case is longer than capitals for a few letters; then the places are those of another text.
    return lower.length === part.length ? disjoint(spans) : []
  }
  return { unbounded: false, test: (text) => find(text) !== undefined, spans: (text) => find(text) ?? [] }
}

function findLetters(text: string, word: string): Span | undefined {
  const reach = word.length * SPREAD
  for (let start = text.indexOf(word.charAt(0)); start >= 0; start = text.indexOf(word.charAt(0), start + 1)) {
    let matched = 1
    let at = start + 1
    for (; matched < word.length && at < text.length && at - start < reach; at += 1) {
      if (text.charAt(at) === word.charAt(matched)) matched += 1
    }
    if (matched === word.length) return { start, end: at }
  }
  return undefined
}

function disjoint(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && span.start < last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) }
    } else {
      joined.push(span)
    }
  }
  return joined
}
