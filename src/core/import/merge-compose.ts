import { getPath, isTree, type Path } from '../config/path.ts'
import type { ComposeSource } from '../stack/compose/index.ts'

/** Lists of a service that may as well be sections, with what parts name and value. */
const PAIRS: { readonly [key: string]: '=' | ':' } = { environment: '=', labels: '=', sysctls: '=', extra_hosts: ':' }
/** Lists of names that may as well be sections. */
const NAMES = ['depends_on', 'networks']
/** What a later file replaces as a whole. */
const WHOLE = ['command', 'entrypoint', 'test']

/** Several Compose files as one, by the rules of the Compose specification ("Merge"): later ones over earlier ones. */
export function mergeCompose([first, ...rest]: readonly [ComposeSource, ...ComposeSource[]]): ComposeSource {
  return rest.reduce(mergeTwo, first)
}

function mergeTwo(base: ComposeSource, over: ComposeSource): ComposeSource {
  return {
    data: merge(base.data, over.data, []),
    findings: [...base.findings, ...over.findings],
    place: (path, part) => {
      // Where both have a list, an index is of neither.
      const list = path.findIndex((step, index) => typeof step === 'number' && inBoth(base, over, path.slice(0, index)))
      const known = list === -1 ? path : path.slice(0, list)
      return (getPath(over.data, known) === undefined ? base : over).place(known, part)
    },
  }
}

function inBoth(base: ComposeSource, over: ComposeSource, path: Path): boolean {
  return getPath(base.data, path) !== undefined && getPath(over.data, path) !== undefined
}

function merge(base: unknown, over: unknown, path: readonly string[]): unknown {
  const key = path.at(-1) ?? ''
  if (over === undefined || over === null) return base
  if (path.length === 3 && path[0] === 'services') {
    const separator = PAIRS[key]
    if (separator !== undefined) return mergeTrees(asPairs(base, separator), asPairs(over, separator), path)
    if (NAMES.includes(key)) return mergeTrees(asNames(base), asNames(over), path)
  }
  if (isTree(base) && isTree(over)) return mergeTrees(base, over, path)
  if (Array.isArray(base) && Array.isArray(over) && !WHOLE.includes(key)) return mergeLists(base, over, key)
  return over
}

type Tree = { readonly [key: string]: unknown }

function mergeTrees(base: Tree, over: Tree, path: readonly string[]): Tree {
  const added = Object.entries(over).map(([key, value]) => [key, merge(base[key], value, [...path, key])])
  return { ...base, ...Object.fromEntries(added) }
}

/** Appended, each item once; of two volumes with one target the later one stays. */
function mergeLists(base: readonly unknown[], over: readonly unknown[], key: string): readonly unknown[] {
  const identity = (item: unknown) => (key === 'volumes' ? targetOf(item) : JSON.stringify(item, plain))
  const replaced = new Set(over.map(identity))
  return [...base.filter((item) => !replaced.has(identity(item))), ...over]
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

function targetOf(item: unknown): string {
  if (isTree(item)) return String(item.target)
  const parts = String(item).split(':')
  return parts[1] ?? parts[0] ?? ''
}

function asPairs(value: unknown, separator: '=' | ':'): Tree {
  if (isTree(value)) return value
  if (!Array.isArray(value)) return {}
  return Object.fromEntries(
    value.map((item: unknown) => {
      const text = String(item)
      const position = text.indexOf(separator)
      return position === -1 ? [text, null] : [text.slice(0, position), text.slice(position + 1)]
    }),
  )
}

function asNames(value: unknown): Tree {
  if (isTree(value)) return value
  return Array.isArray(value) ? Object.fromEntries(value.map((name: unknown) => [String(name), null])) : {}
}
