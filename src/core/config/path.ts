import { DdalabError } from '../errors.ts'

/** Where a value is in a config: keys, and indices of lists. The dotted form is `docker.networks[0]` or `docker.volumes."/data.v1"`. */
export type Path = readonly (string | number)[]

const STEP = /\.?(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)")|\[(\d+)\]/y
const PLAIN_KEY = /^[A-Za-z0-9_-]+$/

/** The dotted form as a path; USAGE when it is not one. */
export function parsePath(text: string): Path {
  const path: (string | number)[] = []
  STEP.lastIndex = 0
  let end = 0
  for (let step = STEP.exec(text); step !== null; step = STEP.exec(text)) {
    const [match, plain, quoted, index] = step
    const separated = match.startsWith('.') || match.startsWith('[')
    if (separated === (end === 0)) break
    path.push(index !== undefined ? Number(index) : (plain ?? unescaped(quoted ?? '')))
    end = STEP.lastIndex
  }
  if (end < text.length || path.length === 0) {
    throw new DdalabError('USAGE', `"${text}" is not the path of a setting`, {
      hint: 'Write keys joined by dots, as in api.port; a key with other characters goes in double quotes.',
    })
  }
  return path
}

/** The dotted form of a path; the inverse of `parsePath`. */
export function formatPath(path: Path): string {
  return path
    .map((step, position) => {
      if (typeof step === 'number') return `[${step}]`
      const key = PLAIN_KEY.test(step) ? step : `"${escaped(step)}"`
      return position === 0 ? key : `.${key}`
    })
    .join('')
}

/** What shows nothing, or turns the text around it: controls, marks of direction, joiners, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]|\p{Surrogate}/gu

/** A text of a file for a message: what cannot be seen in it as `\u{202e}`, so that it can neither hide nor steer anything. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

function escaped(key: string): string {
  return printable(key.replace(/[\\"]/g, '\\$&'))
}

function unescaped(key: string): string {
  return key.replace(/\\(?:u\{([0-9a-f]{1,6})\}|(.))/gi, (_, code: string | undefined, character: string) =>
    code === undefined || Number.parseInt(code, 16) > 0x10ffff
      ? (character ?? '')
      : String.fromCodePoint(Number.parseInt(code, 16)),
  )
}

/** Plain data that has keys: an object that is not a list. */
export function isTree(value: unknown): value is { readonly [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The value at a path of plain data, or undefined. */
export function getPath(data: unknown, path: Path): unknown {
  let value = data
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined
    else if (isTree(value)) value = Object.hasOwn(value, step) ? value[step] : undefined
    else return undefined
  }
  return value
}

/** A copy of the data with the value at the path, sections made where they lack; `undefined` removes it. Paths of keys only. */
export function setPath(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const tree = isTree(data) ? data : {}
  const next = setPath(Object.hasOwn(tree, key) ? tree[key] : undefined, rest, value)
  if (next !== undefined) return { ...tree, [key]: next }
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== String(key)))
}

/** True when `path` is `prefix` or below it. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((step, position) => path[position] === step)
}
