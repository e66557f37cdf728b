import { DdalabError, type Place } from '../../errors.ts'
import { formatPath, isTree, type Path } from '../path.ts'
import { DEEPEST } from '../tree.ts'

/** One change. */
export interface Edit {
  /** Steps into lists are indices; the index behind the last item appends. */
  readonly path: Path
  /** Plain data; undefined removes what is there. */
  readonly value: unknown
}

type Tree = { [key: string]: unknown }

const LONGEST_KEY = 1000

/** The data with all edits made in turn; CONFIG_UNEDITABLE for a path or value that does not fit what is there. */
export function wishedData(data: unknown, edits: readonly Edit[], placeOf: (path: Path) => Place): unknown {
  return edits.reduce((present, { path, value }) => {
    const refuse: Refuse = (hint) => {
      const options = { hint, place: placeOf(path) }
      throw new DdalabError('CONFIG_UNEDITABLE', `${formatPath(path)} cannot be changed`, options)
    }
    for (const step of path) if (typeof step === 'string') checkKey(step, refuse)
    return changed(present, path, 0, plainData(value, path.length, refuse), refuse) ?? null
  }, structuredClone(data))
}

type Refuse = (hint: string) => never

/** Changes the present data in place, and returns what is to be in its place; undefined for nothing. */
function changed(present: unknown, path: Path, depth: number, value: unknown, refuse: Refuse): unknown {
  const step = path[depth]
  if (step === undefined) return value
  const parent = formatPath(path.slice(0, depth))
  if (typeof step === 'number') {
    if (present != null && !Array.isArray(present)) return refuse(`${parent} is not a list.`)
    const list: unknown[] = present ?? []
    if (value === undefined && step >= list.length) return present
    if (step > list.length) return refuse(`${parent} has ${list.length} items; the next one is [${list.length}].`)
    const next = changed(list[step], path, depth + 1, value, refuse)
    if (next === undefined) list.splice(step, 1)
    else list[step] = next
    return list
  }
  if (Array.isArray(present)) return refuse(`${parent} is a list; name an item, for example ${parent}[0].`)
  const tree: Tree = isMutableTree(present) ? present : {}
  if (value === undefined && !Object.hasOwn(tree, step)) return present
  const next = changed(Object.hasOwn(tree, step) ? tree[step] : undefined, path, depth + 1, value, refuse)
  if (next === undefined) delete tree[step]
  else tree[step] = next
  return tree
}

function isMutableTree(value: unknown): value is Tree {
  return isTree(value)
}

/** A copy as the file can hold it: keys without value left out. */
function plainData(value: unknown, depth: number, refuse: Refuse): unknown {
  if (depth > DEEPEST) return refuse(`At most ${DEEPEST} levels are read.`)
  if (value === undefined || value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  if (Array.isArray(value)) return value.map((item) => plainData(item ?? null, depth + 1, refuse))
  if (!isTree(value) || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    throw new DdalabError('UNEXPECTED', 'A value for the config is not plain data')
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      if (child === undefined) return []
      checkKey(key, refuse)
      return [[key, plainData(child, depth + 1, refuse)]]
    }),
  )
}

function checkKey(key: string, refuse: Refuse): void {
  if (key === '__proto__') refuse('__proto__ cannot be a key.')
  if (JSON.stringify(key).length > LONGEST_KEY) refuse('A key is too long.')
}
