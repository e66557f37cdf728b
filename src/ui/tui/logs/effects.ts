import type { Line, LineKey } from './chunk.ts'
import type { ShownLines } from './search.ts'
import type { LogsEffect } from './view-state.ts'

/** Bytes: terminals drop what is longer, some of them without a word. */
export const MOST_COPIED = 74_000

/** OSC 52: what a terminal takes to the clipboard, also through SSH. */
export function clipboardSequence(text: string): string {
  return `\x1B]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`
}

/** A line as it is copied and saved. */
export function lineText(line: Line, { timestamps, labels }: { timestamps: boolean; labels: boolean }): string {
  const stamp = timestamps ? `${new Date(line.time).toISOString()} ` : ''
  const label = labels ? `${line.source.service} | ` : ''
  return stamp + label + line.text
}

/** Characters of one piece of a file, about. */
const PIECE = 64 * 1024

/** The text of a file to save, in pieces: it may be written while lines come and go. */
export function* savedText(effect: Extract<LogsEffect, { type: 'save' }>, lines: ShownLines): Generator<string> {
  let piece = ''
  for (const line of wantedLines(effect.marks, lines)) {
    piece += `${lineText(line, effect)}\n`
    if (piece.length >= PIECE) {
      yield piece
      piece = ''
    }
  }
  if (piece !== '') yield piece
}

/** Those of the keys that are still there, or all shown up to the one that is the last now. */
export function* wantedLines(keys: readonly LineKey[], lines: ShownLines): Generator<Line> {
  if (keys.length > 0) {
    for (const key of keys) {
      const line = lines.from(key)
      if (line?.number === key.number) yield line
    }
    return
  }
  const last = lines.upTo(undefined)
  if (last === undefined) return
  for (let line = lines.from(undefined); line !== undefined; line = lines.after(line)) {
    yield line
    if (line.number === last.number || line.time > last.time) return
  }
}
