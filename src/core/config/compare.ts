import { isDeepStrictEqual } from 'node:util'
import { isTree, type Path } from './path.ts'

/** A setting that is not the same in two configs. Lists and empty sections are values of their own. */
export interface LeafChange {
  readonly path: Path
  readonly kind: 'added' | 'removed' | 'changed'
  readonly from?: unknown
  readonly to?: unknown
}

interface Leaf {
  readonly path: Path
  readonly value: unknown
}

/** What is different in plain data: in the order of `after`, then what is gone. The order of keys makes no difference. */
export function compareData(before: unknown, after: unknown): readonly LeafChange[] {
  const former = leaves(before)
  const latter = leaves(after)
  const present = [...latter].flatMap(([key, { path, value }]): LeafChange[] => {
    const old = former.get(key)
    if (old === undefined) return [{ path, kind: 'added', to: value }]
    return isDeepStrictEqual(old.value, value) ? [] : [{ path, kind: 'changed', from: old.value, to: value }]
  })
  const gone = [...former].flatMap(([key, { path, value }]): LeafChange[] =>
    latter.has(key) ? [] : [{ path, kind: 'removed', from: value }],
  )
  return [...present, ...gone]
}

function leaves(data: unknown): ReadonlyMap<string, Leaf> {
  const found = new Map<string, Leaf>()
  const visit = (value: unknown, path: Path): void => {
    const entries = isTree(value) ? Object.entries(value) : []
    for (const [key, child] of entries) visit(child, [...path, key])
    if (entries.length === 0 && path.length > 0) found.set(JSON.stringify(path), { path, value })
  }
  visit(data, [])
  return found
}
