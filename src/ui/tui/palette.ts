import type { CommandFacts, Manifest } from '../cli/manifest.ts'
import { type PlaceFlags, placeWords, sameInstance } from '../cli/world.ts'

/** A command as the palette offers it. */
export interface PaletteEntry {
  /** `config show`. */
  readonly words: string
  /** With what it cannot do without: `config get KEY`. */
  readonly usage: string
  readonly summary: string
}

/** All commands that people see, in the order of the alphabet. The dashboard itself is not offered in itself. */
export function paletteEntries({ commands }: Manifest): readonly PaletteEntry[] {
  return Object.values(commands)
    .filter(({ id, hidden }) => hidden !== true && id !== 'tui')
    .map(({ id, summary = '', args }) => {
      const words = id.replaceAll(':', ' ')
      const needed = Object.values(args).flatMap(({ name, required }) =>
        required === true ? [name.toUpperCase()] : [],
      )
      return { words, usage: [words, ...needed].join(' '), summary }
    })
    .toSorted((a, b) => a.words.localeCompare(b.words))
}

/** The entries that have the letters of `query` in their order, the best first. */
export function findEntries(entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '')
  if (wanted === '') return entries
  return entries
    .flatMap((entry) => {
      const score = Math.max(fuzzyScore(wanted, entry.words), fuzzyScore(wanted, entry.summary.toLowerCase()) - 1_000)
      return score > Number.NEGATIVE_INFINITY ? [{ entry, score }] : []
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => entry)
}

/** How well the letters of `wanted` are found in a text in their order: neighbours and beginnings of words count more. */
export function fuzzyScore(wanted: string, text: string): number {
  let score = -text.length / 100
  let from = 0
  let last = -2
  for (const letter of wanted) {
    const at = text.indexOf(letter, from)
    if (at === -1) return Number.NEGATIVE_INFINITY
    if (at === last + 1) score += 3
    if (at === 0 || text[at - 1] === ' ' || text[at - 1] === '-') score += 2
    score -= (at - from) / 10
    last = at
    from = at + 1
  }
  return score
}

/** A command on the instance that the flags name, as it is typed; only with flags that it has. */
export function commandLine(words: string, manifest: Manifest, place: PlaceFlags, configHome: string): string {
  return sameInstance(words, knownFlags(words.split(' '), manifest, place), configHome)
}

/** The same as the words of a program's arguments. */
export function commandWords(
  words: readonly string[],
  manifest: Manifest,
  place: PlaceFlags,
  configHome: string,
): readonly string[] {
  return [...words, ...placeWords(knownFlags(words, manifest, place), configHome)]
}

function knownFlags(
  [first = '', second = '']: readonly string[],
  { commands }: Manifest,
  place: PlaceFlags,
): PlaceFlags {
  const command: CommandFacts | undefined = commands[`${first}:${second}`] ?? commands[first]
  const has = (flag: keyof PlaceFlags) => command?.flags[flag] !== undefined
  return {
    ...(has('instance') && { instance: place.instance }),
    ...(has('config-dir') && { 'config-dir': place['config-dir'] }),
    ...(has('file') && { file: place.file }),
    ...(has('context') && { context: place.context }),
    ...(has('environment') && { environment: place.environment }),
  }
}
