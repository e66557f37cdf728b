import { asLetters, COMMON_WORDS } from './published.ts'

/** Below this a value is weak: so many guesses are made in days by whoever has a copy of the hash or of a token. */
export const WEAK_BELOW_BITS = 50

/** What comes after does not make it weaker, and the search stays short. */
const LONGEST = 128

const WORD_BITS = 10
const NAME_BITS = 3
const RUN_BITS = 6
const YEAR_BITS = 7

/** Neighbours on keyboards, in the alphabet, among numbers. */
const ROWS = [
  ...['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm'],
  ...['zxcvbnm', 'yxcvbnm', '1qaz2wsx3edc4rfv5tgb', '1q2w3e4r5t6z', '1q2w3e4r5t6y', '!@#$%^&*()', '!"§$%&/()='],
].flatMap((row) => [row, [...row].reverse().join('')])

/**
 * How many bits a person who knows how people choose passwords has to guess: letters and digits by the classes of characters
 * that are used, but words, names, years, neighbouring keys and repetitions for little. An estimate: a random text gets what
 * it has, a chosen one rather too much than too little.
 */
export function estimateBits(value: string, names: readonly string[] = []): number {
  const text = value.slice(0, LONGEST)
  const perCharacter = Math.log2(alphabetSize(text))
  const known = names
    .map((name) => name.toLowerCase())
    .filter((name) => name.length >= 3)
    .toSorted((a, b) => b.length - a.length)
  let bits = 0
  for (let position = 0; position < text.length; ) {
    const part = patternAt(text, position, known, perCharacter)
    bits += part?.bits ?? perCharacter
    position += part?.length ?? 1
  }
  return bits
}

/** True for a value that whoever attacks finds by trying, and that therefore may be a word of any text. */
export function isWeak(value: string, names: readonly string[] = []): boolean {
  return estimateBits(value, names) < WEAK_BELOW_BITS
}

/** Of how many characters each one is chosen, judged by those that are there. */
function alphabetSize(text: string): number {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text) && /\d/.test(text) && /[a-f]/i.test(text)) return 16
  const classes: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/, 33],
    [/[^\x20-\x7e]/, 100],
  ]
  return classes.reduce((sum, [pattern, size]) => sum + (pattern.test(text) ? size : 0), 0)
}

interface Part {
  readonly length: number
  readonly bits: number
}

/** The pattern that begins at a position and saves the most guesses; undefined where there is none. */
function patternAt(text: string, position: number, names: readonly string[], perCharacter: number): Part | undefined {
  const rest = text.slice(position)
  const lower = rest.toLowerCase()
  const letters = asLetters(rest)
  const beginsWith = (word: string) => lower.startsWith(word) || letters.startsWith(word)
  const name = names.find(beginsWith)
  const word = COMMON_WORDS.find(beginsWith)
  const candidates: readonly (Part | undefined)[] = [
    name === undefined ? undefined : { length: name.length, bits: NAME_BITS },
    word === undefined ? undefined : { length: word.length, bits: WORD_BITS },
    run(lower),
    repetition(rest, perCharacter),
    /^(?:19|20)\d\d/.test(rest) ? { length: 4, bits: YEAR_BITS } : undefined,
  ]
  const saved = ({ length, bits }: Part) => length * perCharacter - bits
  return candidates
    .filter((part) => part !== undefined)
    .filter((part) => saved(part) > 0)
    .toSorted((a, b) => saved(b) - saved(a))[0]
}

/** Three or more neighbours of a row, forwards or backwards. */
function run(lower: string): Part | undefined {
  const lengths = ROWS.map((row) => {
    const start = row.indexOf(lower.charAt(0))
    let length = start === -1 ? 0 : 1
    while (length > 0 && length < lower.length && row[start + length] === lower[length]) length += 1
    return length
  })
  const length = Math.max(...lengths)
  return length < 3 ? undefined : { length, bits: RUN_BITS }
}

/** A piece two or more times, of three characters at least together: it is chosen once. */
function repetition(rest: string, perCharacter: number): Part | undefined {
  const [whole = '', piece = ''] = /^(.{1,32}?)\1+/su.exec(rest) ?? []
  if (whole.length < 3) return undefined
  return { length: whole.length, bits: piece.length * perCharacter + Math.log2(whole.length / piece.length) }
}
