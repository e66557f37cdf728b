import type { YamlDocument } from '../document.ts'
import { isTree, type Path } from '../path.ts'
import { pathKey } from '../tree.ts'
import type { Scalar } from './scalar.ts'

/** The key of a document under which SOPS keeps what belongs to the encryption. */
export const SECTION = 'sops'

/** A value of a document, in the order in which SOPS walks over them. */
export interface Leaf {
  readonly path: Path
  /** What is authenticated with an encrypted value: its keys. Items of a list share that of the list. */
  readonly place: string
  readonly value: Scalar
  /** The text of a plain scalar as it is written; undefined for one in quotes, and for what an alias brings in. */
  readonly written: string | undefined
  /** The comments above it and beside it, and those of all sections it is in, without the `#`. */
  readonly comments: readonly string[]
}

/** All values but empty ones (null), and but the section `sops`. */
export function leavesOf(document: YamlDocument): readonly Leaf[] {
  const commentsAt = commentReader(document)

  function below(value: unknown, path: Path, above: readonly string[]): readonly Leaf[] {
    if (path.length === 1 && path[0] === SECTION) return []
    const comments = path.length === 0 ? above : [...above, ...commentsAt(path)]
    if (Array.isArray(value)) return value.flatMap((item, index) => below(item, [...path, index], comments))
    if (isTree(value))
      return keysInOrder(document, value, path).flatMap((key) => below(value[key], [...path, key], comments))
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return []
    return [{ path, place: placeOf(path), value, written: plainText(document, path), comments }]
  }
  return below(document.data, [], [])
}

/** The places of all sections and lists, where encrypted comments may stand. */
export function containerPlaces(data: unknown, path: Path = []): readonly string[] {
  if (typeof data !== 'object' || data === null || (path.length === 1 && path[0] === SECTION)) return []
  const children = Object.entries(data).flatMap(([key, value]) =>
    containerPlaces(value, [...path, Array.isArray(data) ? Number(key) : key]),
  )
  return [...new Set([placeOf(path), ...children])]
}

/** The data with other values at some paths, and without the section `sops`. */
export function replaceLeaves(data: unknown, values: ReadonlyMap<string, unknown>, path: Path = []): unknown {
  const key = pathKey(path)
  if (values.has(key)) return values.get(key)
  if (Array.isArray(data)) return data.map((item, index) => replaceLeaves(item, values, [...path, index]))
  if (!isTree(data)) return data
  const entries = Object.entries(data).filter(([name]) => path.length > 0 || name !== SECTION)
  return Object.fromEntries(entries.map(([name, value]) => [name, replaceLeaves(value, values, [...path, name])]))
}

function placeOf(path: Path): string {
  return `${path.filter((step) => typeof step === 'string').join(':')}:`
}

/** An object of JavaScript puts keys that look like numbers first; the MAC goes by the order of the text. */
function keysInOrder(document: YamlDocument, tree: object, path: Path): readonly string[] {
  const offset = (key: string) => document.span([...path, key])?.key ?? 0
  return Object.keys(tree).toSorted((a, b) => offset(a) - offset(b))
}

function plainText(document: YamlDocument, path: Path): string | undefined {
  const span = document.span(path)
  if (span === undefined) return undefined
  const text = document.text.slice(...span.value)
  return /^["'|>]/.test(text) ? undefined : text
}

const COMMENT = /(?:^|\s)#(.*)$/

function commentReader(document: YamlDocument): (path: Path) => readonly string[] {
  if (!document.text.includes('#')) return () => []
  const lines = document.text.split(/\r?\n/)
  const comment = (line: string | undefined) => COMMENT.exec(line ?? '')?.[1]
  const isAlone = (line: string | undefined) => line !== undefined && /^\s*(?:#|$)/.test(line)
  return (path) => {
    const { line = 1 } = document.locate(path, 'key')
    let first = line - 1
    while (isAlone(lines[first - 1])) first -= 1
    return lines
      .slice(first, line)
      .map(comment)
      .filter((text) => text !== undefined)
  }
}
