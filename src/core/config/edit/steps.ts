import { isDeepStrictEqual } from 'node:util'
import type { Entry } from './slot.ts'

/** What becomes of the entries of a collection, in their new order: each entry of the text once, and new ones. */
export type Step =
  | { readonly kind: 'kept'; readonly entry: Entry }
  | { readonly kind: 'gone'; readonly entry: Entry }
  | { readonly kind: 'new'; readonly key: string | undefined; readonly value: unknown }

type Tree = { readonly [key: string]: unknown }

/** New keys come last; where the last key is `closing`, above it. */
export function mapSteps(entries: readonly Entry[], wished: Tree, closing?: string): readonly Step[] {
  const present = new Set(entries.map(({ key }) => key))
  const steps = entries.map(
    (entry): Step => ({ kind: Object.hasOwn(wished, entry.key ?? '') ? 'kept' : 'gone', entry }),
  )
  const added = Object.entries(wished).flatMap(([key, value]): Step[] =>
    present.has(key) ? [] : [{ kind: 'new', key, value }],
  )
  const isClosed = closing !== undefined && entries.length > 1 && entries.at(-1)?.key === closing
  const end = isClosed ? steps.length - 1 : steps.length
  return [...steps.slice(0, end), ...added, ...steps.slice(end)]
}

/** For each item of the text that stays, which one of the wished list it becomes. */
export type Matches = ReadonlyMap<number, number>

/**
 * Equal items stay what they are (of some that are equal to each other the first ones); of the others between them, the
 * first becomes the first, and so on.
 */
export function matchItems(present: readonly unknown[], wished: readonly unknown[]): Matches {
  const pairs: [number, number][] = []
  let [from, to] = [0, 0]
  for (const [i, j] of [...commonItems(present, wished), [present.length, wished.length] as const]) {
    while (from < i && to < j) pairs.push([from++, to++])
    if (i < present.length) pairs.push([i, j])
    from = i + 1
    to = j + 1
  }
  return new Map(pairs)
}

export function listSteps(entries: readonly Entry[], wished: readonly unknown[], matches: Matches): readonly Step[] {
  const steps: Step[] = []
  let next = 0
  const fill = (to: number) => {
    for (const value of wished.slice(next, to)) steps.push({ kind: 'new', key: undefined, value })
    next = Math.max(next, to)
  }
  for (const [index, entry] of entries.entries()) {
    const match = matches.get(index)
    if (match !== undefined) {
      fill(match)
      next = match + 1
    }
    steps.push({ kind: match === undefined ? 'gone' : 'kept', entry })
  }
  fill(wished.length)
  return steps
}

/** The most that the table of the longest common subsequence may hold; longer lists are compared at both ends only. */
const LARGEST_TABLE = 1_000_000

/** The longest common subsequence, as pairs of indices. */
function commonItems(a: readonly unknown[], b: readonly unknown[]): readonly (readonly [number, number])[] {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && isDeepStrictEqual(a[head], b[head])) head++
  let tail = 0
  while (tail < shorter - head && isDeepStrictEqual(a.at(-1 - tail), b.at(-1 - tail))) tail++
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return [
    ...Array.from({ length: head }, (_, index) => [index, index] as const),
    ...middle.map(([i, j]) => [head + i, head + j] as const),
    ...Array.from({ length: tail }, (_, index) => [a.length - tail + index, b.length - tail + index] as const),
  ]
}

function common(a: readonly unknown[], b: readonly unknown[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > LARGEST_TABLE) return []
  const [left, right] = [a, b].map((items) => items.map((item) => JSON.stringify(item)))
  if (left === undefined || right === undefined) return []
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (left[i] === right[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}
