import { DdalabError } from '../../errors.ts'

/** Puts `text` in the place of the characters from `start` to before `end`. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

export function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text }
}

export function removal(start: number, end: number): Splice {
  return { start, end, text: '' }
}

/**
 * All splices at once; of several at one place the first given comes first. Removals may overlap, and an insertion inside
 * one is put in its place; UNEXPECTED when a replacement overlaps anything.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = []
  let done = 0
  let replacedTo = 0
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const { start, end, text: replacement } = splice
    const replaces = start < end && replacement !== ''
    if (start < (replaces ? done : replacedTo)) {
      throw new DdalabError('UNEXPECTED', 'Two changes of the config overlap')
    }
    if (start > done) parts.push(text.slice(done, start))
    parts.push(replacement)
    done = Math.max(done, end)
    if (replaces) replacedTo = end
  }
  return parts.join('') + text.slice(done)
}
