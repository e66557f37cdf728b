/** Letters that say more than chance: `prod` is production. */
const SHORTEST_BEGINNING = 3

/**
 * The candidate that a mistyped or shortened word most likely meant, or undefined when none is near. Letter case is no
 * mistake.
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.slice(0, 64).toLowerCase()
  const [longer, another] = candidates.filter((candidate) => candidate.toLowerCase().startsWith(typed))
  if (typed.length >= SHORTEST_BEGINNING && longer !== undefined && another === undefined) return longer
  const nearest = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0]
  if (nearest === undefined) return undefined
  return nearest.distance <= Math.max(1, Math.floor(typed.length / 3)) ? nearest.candidate : undefined
}

/** Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (same ? 0 : 1),
          swapped ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    beforePrevious = previous
    previous = current
  }
  return at(previous, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
