import { Composer, type Document, LineCounter, type Node, Parser } from 'yaml'
import { DdalabError, type Place, type Problem } from '../errors.ts'
import { type Locate, MOST_PROBLEMS } from './finding.ts'
import type { Path } from './path.ts'
import { pathKey, readTree, type Span, type TreeProblem } from './tree.ts'
import { YAML_ERRORS } from './yaml-errors.ts'

/** Bytes; a config has some thousands. */
export const LARGEST = 1_000_000

/** The text of a config as plain data (YAML 1.2, core schema) and the place of everything in it. */
export interface YamlDocument {
  readonly file: string
  /** Without byte-order mark. */
  readonly text: string
  /** As much as could be read when there are problems. */
  readonly data: unknown
  /** The nodes that `data` was read from, with their source tokens; null for a text without a value. */
  readonly root: Node | null
  /** All that keeps the text from being YAML as we read it, in the order of the text. */
  readonly problems: readonly Problem[]
  /** The line of the first place that is no YAML; what was read from there on may not be what was meant. */
  readonly brokenFrom: number | undefined
  readonly locate: Locate
  /** The place of an offset in `text`. */
  readonly at: (offset: number) => Place
  /** Offsets in `text`; undefined for what is not written there (also what an alias brings in). */
  readonly span: (path: Path) => Span | undefined
}

/** The text of a file's bytes; CONFIG_UNREADABLE when they are too many, not UTF-8, or binary. */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  if (bytes.length > LARGEST) throw unreadable(file, 'is larger than 1 MB', 'This is not a config.')
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw unreadable(file, 'is written in UTF-16', 'Save it as UTF-8.')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(file, 'is not UTF-8 text', 'Save it as UTF-8; if it is no text file, name another one.', cause)
  }
}

/** Reads YAML. Problems are collected; only what is no text at all throws (CONFIG_UNREADABLE). */
export function parseDocument(source: string, file: string): YamlDocument {
  const text = source.replace(/^\uFEFF/, '')
  if (text.length > LARGEST) throw unreadable(file, 'is larger than 1 MB', 'This is not a config.')
  const lines = new LineCounter()
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const control = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/)
  if (control !== -1) {
    throw unreadable(file, 'holds control characters', 'Remove them; if it is no text file, name another one.')
  }

  const [document, second] = compose(text, lines)
  const tree = readTree(document?.contents ?? null)
  const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
  const problems = [
    ...errors.map(({ code, pos: [offset] }) => ({ offset, ...YAML_ERRORS[code] })),
    ...tree.problems,
    ...(second === undefined ? [] : [{ offset: second.range[0], ...YAML_ERRORS.MULTIPLE_DOCS }]),
  ]

  return {
    file,
    text,
    data: tree.data,
    root: document?.contents ?? null,
    problems: inOrder(problems, at),
    brokenFrom:
      errors.length === 0
        ? undefined
        : at(errors.reduce((first, { pos }) => Math.min(first, pos[0]), text.length)).line,
    at,
    locate: (path, part = 'value') => at(offsetOf(tree.spans, path, part)),
    span: (path) => tree.spans.get(pathKey(path)),
  }
}

/** The first two documents of the text: the second one only to know that it is there. */
function compose(text: string, lines: LineCounter): readonly Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return [...composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length).take(2)]
}

/** Each problem once a line, in the order of the text, as many as a person will read. */
function inOrder(problems: readonly TreeProblem[], at: (offset: number) => Place): readonly Problem[] {
  const told = new Map<string, Problem>()
  for (const { offset, message, hint } of problems.toSorted((a, b) => a.offset - b.offset)) {
    const place = at(offset)
    const key = `${place.line} ${message}`
    if (!told.has(key)) told.set(key, { code: 'CONFIG_UNREADABLE', message, hint, place })
    if (told.size === MOST_PROBLEMS) break
  }
  return [...told.values()]
}

function offsetOf(spans: ReadonlyMap<string, Span>, path: Path, part: 'key' | 'value'): number {
  const span = spans.get(pathKey(path))
  if (span !== undefined) return part === 'key' ? (span.key ?? span.value[0]) : span.value[0]
  return path.length === 0 ? 0 : offsetOf(spans, path.slice(0, -1), 'key')
}

function unreadable(file: string, what: string, hint: string, cause?: unknown): DdalabError {
  return new DdalabError('CONFIG_UNREADABLE', `${file} ${what}`, { hint, place: { file }, cause })
}
