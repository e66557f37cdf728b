// Not from the index of core/config: that loads zod and yaml, and a mistyped command needs neither.
import { didYouMean } from '../../core/config/did-you-mean.ts'

/** `Did you mean "status"?`, or undefined when nothing is near. */
export function suggest(word: string, known: readonly string[], prefix = ''): string | undefined {
  const name = didYouMean(word, known)
  return name === undefined ? undefined : `Did you mean "${prefix}${name}"?`
}
