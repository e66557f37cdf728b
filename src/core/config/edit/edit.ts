import { isDeepStrictEqual } from 'node:util'
import { isMap, isSeq, type Node } from 'yaml'
import { DdalabError, problemsError } from '../../errors.ts'
import { parseDocument, type YamlDocument } from '../document.ts'
import { isTree } from '../path.ts'
import { behindAlias, refuseBrokenAliases } from './aliases.ts'
import { changes, type Sheet } from './change.ts'
import { lineStart } from './lines.ts'
import { type Manner, renderBlock } from './render.ts'
import { contentEnd, contentStart, entriesOf, isFlow, type Slot } from './slot.ts'
import { applySplices, insertion } from './splice.ts'
import { type Edit, wishedData } from './wish.ts'

/**
 * The text with all edits made in turn, or none: every byte that they do not concern stays (comments, order, quotes, blank
 * lines, line ends, byte-order mark). What already has the wished value is not written anew. A removed key takes the
 * comments directly above it along; a section that loses its last key becomes `{}`. Throws CONFIG_UNREADABLE for a text
 * that is not YAML, CONFIG_UNEDITABLE for what an alias or anchor forbids, for a path that does not fit, and where no way
 * was found to write the change and nothing else.
 */
export function editText(text: string, edits: readonly Edit[], file: string): string {
  const document = readable(text, file)
  const wished = wishedData(document.data, edits, document.locate)
  if (isDeepStrictEqual(document.data, wished)) return text

  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  // Above what opens the secrets, which nobody reads; below it where a block of text above would take the new lines in.
  for (const closing of ['sops', undefined]) {
    const result = mark + edited(document, wished, edits, closing)
    const check = parseDocument(result, file)
    if (check.problems.length === 0 && isDeepStrictEqual(check.data, wished)) return result
  }
  // A block that keeps its blank lines may come to stand above some when what was between goes at several places.
  if (edits.length > 1) return edits.reduce((done, edit) => editText(done, [edit], file), text)
  throw new DdalabError('CONFIG_UNEDITABLE', `${file} is written in a way that does not allow this change`, {
    place: document.locate(edits[0]?.path ?? []),
    hint: 'Nothing was written. Make the change with an editor.',
  })
}

/** The text as a document; CONFIG_UNREADABLE when it is not YAML as we read it. */
export function readable(text: string, file: string): YamlDocument {
  const document = parseDocument(text, file)
  const [first, ...rest] = document.problems
  if (first !== undefined) throw problemsError([first, ...rest], `${file} cannot be read`)
  return document
}

function edited(document: YamlDocument, wished: unknown, edits: readonly Edit[], closing: string | undefined): string {
  const { root, data } = document
  const eol = /\r?\n/.exec(document.text)?.[0] ?? '\n'
  const [whole, end] = splitEnd(document.text)
  const text = end === undefined ? whole + eol : whole
  const sheet: Sheet = {
    text,
    manner: { eol, step: stepOf(root, text), literals: end === undefined || end === '' },
    closing,
    paths: edits.map(({ path }) => path),
    touched: new Set(),
    refuseAlias: (path) => {
      throw behindAlias(document, path)
    },
  }
  refuseUnclear(document, wished, text)
  const slot = rootSlot(root, text)
  const splices =
    slot.start === slot.end
      ? [insertion(emptyDocumentEnd(text), rootText(wished, sheet.manner))]
      : changes(slot, [], data, wished, sheet)
  refuseBrokenAliases(document, splices, sheet.touched)
  const result = applySplices(text, splices)
  return end === undefined ? result.replace(/(?<=\S[ \t]*)\r?\n$/, '') : result + end
}

/** The text up to its last line end, and the white space after it; undefined when the last line has no end. */
function splitEnd(text: string): readonly [whole: string, end: string | undefined] {
  const last = text.lastIndexOf('\n') + 1
  const end = text.slice(last)
  return end.trim() === '' ? [text.slice(0, last), end] : [text, undefined]
}

function refuseUnclear({ root, text: source, locate, at }: YamlDocument, wished: unknown, text: string): void {
  if (root === null) return
  if (root.tag !== undefined && !isKind(root, wished)) {
    const options = { hint: 'Remove the tag.', place: locate([]) }
    throw new DdalabError('CONFIG_UNEDITABLE', 'The whole text has a tag (!) that does not fit the change', options)
  }
  if ((contentEnd(root, text) ?? 0) > text.length) {
    const options = { hint: 'Remove the white space in the last line.', place: at(source.length) }
    throw new DdalabError('CONFIG_UNEDITABLE', 'The text ends within a block that belongs to its last value', options)
  }
}

function isKind(root: Node, wished: unknown): boolean {
  return (isMap(root) && isTree(wished)) || (isSeq(root) && Array.isArray(wished))
}

function rootText(wished: unknown, manner: Manner): string {
  const { head, body } = renderBlock(wished, -1, manner)
  return head === '' ? body : `${head}${manner.eol}${body}`
}

function rootSlot(node: Node | null, text: string): Slot {
  const start = (node && contentStart(node, text)) ?? 0
  const end = contentEnd(node, text) ?? start
  return { node, open: start, start, end, propertiesEnd: start, column: -1, flow: false, item: false }
}

/** Where a document ends that holds no value: before its line `...`. */
function emptyDocumentEnd(text: string): number {
  const end = text.search(/^\.\.\.(?:\s|$)/m)
  return end === -1 ? text.length : end
}

/** The spaces of one level: those of the first section that is indented. */
function stepOf(root: Node | null, text: string): number {
  if (!isMap(root) || isFlow(root)) return 2
  for (const { slot } of entriesOf(root, text)) {
    if (!isMap(slot.node) || isFlow(slot.node)) continue
    const start = contentStart(slot.node, text) ?? 0
    const column = start - lineStart(text, start)
    if (column > 0) return column
  }
  return 2
}
