import { DdalabError, type Place } from '../../errors.ts'
import { formatPath, isTree, type Path } from '../path.ts'

/** One change. */
export interface Edit {
  /** Steps into lists are indices; the index behind the last item appends. */
  readonly path: Path
  /** Plain data; undefined removes what is there. */
  readonly value: unknown
}

type Tree = { [key: string]: unknown }

/** The data with all edits done in turn; CONFIG_UNEDITABLE for a path that does not fit what is there. */
export function wishedData(data: unknown, edits: readonly Edit[], placeOf: (path: Path) => Place): unknown {
  let wished = structuredClone(data)
  for (const { path, value } of edits) {
    const refuse = (message: string, hint: string): never => {
      throw new DdalabError('CONFIG_UNEDITABLE', message, { hint, place: placeOf(path) })
    }
    const plain = plainData(value, refuse)
    wished = changed(wished, 0)

    function changed(present: unknown, depth: number): unknown {
      const step = path[depth]
      if (step === undefined) return plain
      if (typeof step === 'number') return changedList(present, step, depth)
      if (Array.isArray(present) || step === '__proto__') {
        return refuse(`${formatPath(path)} cannot be set`, `${formatPath(path.slice(0, depth))} has no names in it.`)
      }
      if (value === undefined && !(isTree(present) && Object.hasOwn(present, step))) return present
      const tree: Tree = isMutable(present) ? present : {}
      const next = changed(Object.hasOwn(tree, step) ? tree[step] : undefined, depth + 1)
      if (next === undefined) delete tree[step]
      else tree[step] = next
      return tree
    }

    function changedList(there: unknown, index: number, depth: number): unknown {
      const present = there ?? []
      if (!Array.isArray(present)) {
        return refuse(`${formatPath(path)} cannot be set`, `${formatPath(path.slice(0, depth))} is not a list.`)
      }
      if (value === undefined && index >= present.length) return there
      if (index > present.length) {
        return refuse(
          `${formatPath(path)} cannot be set`,
          `The list has ${present.length} items; append with the next index.`,
        )
      }
      const next = changed(present[index], depth + 1)
      if (next === undefined) present.splice(index, 1)
      else present[index] = next
      return present
    }
  }
  return wished
}

function isMutable(value: unknown): value is Tree {
  return isTree(value)
}

/** A copy as YAML can hold it: keys without value left out. */
function plainData(value: unknown, refuse: (message: string, hint: string) => never): unknown {
  if (value === undefined || value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  if (Array.isArray(value)) return value.map((item) => plainData(item ?? null, refuse))
  if (!isTree(value) || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    throw new DdalabError('UNEXPECTED', 'A value for the config is not plain data')
  }
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  if (entries.some(([key]) => key === '__proto__')) return refuse('__proto__ cannot be a key', 'Choose another name.')
  return Object.fromEntries(entries.map(([key, child]) => [key, plainData(child, refuse)]))
}
