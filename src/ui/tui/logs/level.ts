/** From the least to the most important. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = (typeof LEVELS)[number]

/** A level is named near the start; further on, the word is part of the message. */
const LOOKED_AT = 400

const JSON_FIELD = /"(?:level|lvl|severity|loglevel|log\.level|levelname|s)"\s*:\s*"?([A-Za-z]+|\d+)\b/i
const LOGFMT_FIELD = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)\b/i
const BRACKETED = /[[<(]\s*([A-Za-z]{3,9})\s*[\])>]/g
/** Capitals only: "no error" is a message, `ERROR` is a level. */
const CAPITALS = /(?:^|[^A-Za-z0-9_])([A-Z]{3,9})(?![A-Za-z0-9_])/g
const LEADING = /^\s*([A-Za-z]{3,9}):/
/** klog: `E1121 17:03:57`. */
const KLOG = /^([IWEF])\d{4} \d\d:/
const UNCAUGHT = /^(?:Traceback \(most recent call last\)|panic:|Uncaught |Exception in thread )/

const WORDS: { readonly [word: string]: Level } = {
  trace: 'trace',
  verbose: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  information: 'info',
  inf: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  i: 'info',
  w: 'warn',
  e: 'error',
  f: 'fatal',
  err: 'error',
  error: 'error',
  severe: 'error',
  alert: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  emerg: 'fatal',
  fatal: 'fatal',
  panic: 'fatal',
}

/** The level that a line names, as JSON, logfmt, in brackets or as a word; undefined when it names none. */
export function levelOf(line: string): Level | undefined {
  const text = line.length > LOOKED_AT ? line.slice(0, LOOKED_AT) : line
  if (text.startsWith('{')) return named(JSON_FIELD.exec(line.slice(0, 10 * LOOKED_AT))?.[1])
  return (
    named(KLOG.exec(text)?.[1]) ??
    (text.includes('=') ? named(LOGFMT_FIELD.exec(text)?.[1]) : undefined) ??
    firstNamed(text, BRACKETED) ??
    firstNamed(text, CAPITALS) ??
    named(LEADING.exec(text)?.[1]) ??
    (UNCAUGHT.test(text) ? 'error' : undefined)
  )
}

/** A line that goes on with the one before it, such as a frame of a stack trace. */
export function isContinuation(line: string): boolean {
  return /^(?:\s+\S|Caused by:)/.test(line)
}

/** `pattern` is global. (`matchAll` would make another one for each line.) */
function firstNamed(text: string, pattern: RegExp): Level | undefined {
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const level = named(found[1])
    if (level !== undefined) return level
  }
  return undefined
}

function named(word: string | undefined): Level | undefined {
  if (word === undefined) return undefined
  // Pino and Bunyan count: 10 is trace, 60 is fatal.
  if (/^\d+$/.test(word)) return LEVELS[Math.min(5, Math.max(0, Math.floor(Number(word) / 10) - 1))]
  const key = word.toLowerCase()
  return Object.hasOwn(WORDS, key) ? WORDS[key] : undefined
}
