import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { formatPath, type Path } from './path.ts'
import { YAML_ERRORS } from './yaml-errors.ts'

export const DEEPEST = 32
const MOST_VALUES = 100_000

/** Offsets in the text: where a key starts, and where its value starts and ends. */
export interface Span {
  readonly key?: number
  readonly value: readonly [start: number, end: number]
}

export interface TreeProblem {
  readonly offset: number
  readonly message: string
  readonly hint: string
}

export interface Tree {
  readonly data: unknown
  /** By `pathKey`. */
  readonly spans: ReadonlyMap<string, Span>
  readonly problems: readonly TreeProblem[]
}

export function pathKey(path: Path): string {
  return path.join('\0')
}

/**
 * Plain data of a YAML node, with the place of each value. It bounds what a hostile document can do: depth, number of
 * values with aliases expanded, aliases into themselves; and it finds repeated keys in linear time.
 */
export function readTree(root: Node | null): Tree {
  const spans = new Map<string, Span>()
  const problems: TreeProblem[] = []
  const anchors = new Map<string, Node>()
  const open = new Set<Node>()
  let values = 0

  function read(node: Node | null, path: Path, key: number | undefined, expanded: boolean): unknown {
    if (++values > MOST_VALUES) throw new TooMuch()
    const [start = key ?? 0, end = start] = node?.range ?? []
    if (!expanded) spans.set(pathKey(path), { ...(key !== undefined && { key }), value: [start, end] })
    if (node === null) return null
    if (path.length > DEEPEST) {
      problems.push({
        offset: start,
        message: 'The values are nested too deeply',
        hint: `At most ${DEEPEST} levels are read.`,
      })
      return null
    }
    if (isAlias(node)) return readAlias(anchors.get(node.source), start, path)
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
    open.add(node)
    const value = isMap(node)
      ? readMap(node.items, path, start, expanded)
      : isSeq(node)
        ? node.items.map((item, index) => read(asNode(item), [...path, index], undefined, expanded))
        : isScalar(node)
          ? node.value
          : null
    open.delete(node)
    return value
  }

  function readAlias(target: Node | undefined, offset: number, path: Path): unknown {
    if (target !== undefined && !open.has(target)) return read(target, path, undefined, true)
    problems.push({
      offset,
      message:
        target === undefined ? 'An alias (*) refers to an anchor that is not above it' : 'An alias (*) contains itself',
      hint: 'Write the value out, or put a text that starts with * in quotes.',
    })
    return null
  }

  function readMap(pairs: readonly Pair[], path: Path, start: number, expanded: boolean): unknown {
    const entries = new Map<string, unknown>()
    for (const pair of pairs) {
      const keyNode = asNode(pair.key)
      const offset = keyNode?.range?.[0] ?? start
      const name = isScalar(keyNode) && keyNode.value !== null ? (keyNode.source ?? String(keyNode.value)) : undefined
      if (name === undefined || name === '__proto__') {
        problems.push({ offset, message: 'This cannot be a key', hint: 'Write a name, a colon, a space and a value.' })
      } else if (entries.has(name)) {
        problems.push({ offset, message: `${formatPath([...path, name])} is there twice`, hint: 'Keep one of them.' })
      } else if (pair.value === null && hasMore(pair)) {
        problems.push({ offset, ...YAML_ERRORS.UNEXPECTED_TOKEN })
      } else {
        entries.set(name, read(asNode(pair.value), [...path, name], offset, expanded))
      }
    }
    return Object.fromEntries(entries)
  }

  try {
    return { data: read(root, [], undefined, false), spans, problems }
  } catch (thrown) {
    if (!(thrown instanceof TooMuch)) throw thrown
    const problem = {
      offset: 0,
      message: `The file holds more than ${MOST_VALUES} values`,
      hint: 'This is not a config.',
    }
    return { data: null, spans, problems: [problem] }
  }
}

/** After `? key` the parser drops what has no colon, and does not say so. */
function hasMore({ srcToken }: Pair): boolean {
  return Boolean(srcToken?.value) || (srcToken?.sep ?? []).some(({ type }) => type === 'anchor' || type === 'tag')
}

class TooMuch extends Error {}

function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : null
}
