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

/** All splices at once; of several at one place the first given comes first. UNEXPECTED when two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = []
  let done = 0
  for (const { start, end, text: replacement } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < done) throw new DdalabError('UNEXPECTED', 'Two changes of the config overlap')
    parts.push(text.slice(done, start), replacement)
    done = end
  }
  return parts.join('') + text.slice(done)
}
