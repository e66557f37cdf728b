const MASK = '••••••'

/** Values shorter than this are not masked: hiding every `1` or `no` would hide the text and tell nothing. */
const SHORTEST_SECRET = 4

/** Replaces every occurrence of the known secret values in text that leaves the program. */
export type Redact = (text: string) => string

/** A redactor for these values; longer values first, so that one that contains another is masked whole. */
export function redactor(secrets: Iterable<string>): Redact {
  const values = [...new Set(secrets)]
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
  if (values.length === 0) return (text) => text
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, MASK), text)
}

/** The same for every string in plain data (an event, an error, a JSON answer). */
export function redactData<T>(data: T, redact: Redact): T
export function redactData(data: unknown, redact: Redact): unknown {
  if (typeof data === 'string') return redact(data)
  if (Array.isArray(data)) return data.map((item) => redactData(item, redact))
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redactData(value, redact)]))
}
