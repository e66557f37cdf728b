import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, type Node, visit } from 'yaml'
import { DdalabError, problemsError } from '../../errors.ts'
import { parseDocument, type YamlDocument } from '../document.ts'
import { formatPath, type Path } from '../path.ts'
import { changes, type Sheet } from './change.ts'
import { type Manner, renderBlock } from './render.ts'
import { contentEnd, entriesOf, isFlow, lineStart, type Slot } from './slot.ts'
import { applySplices, insertion, type Splice } from './splice.ts'
import { type Edit, wishedData } from './wish.ts'

/**
 * The text with all edits made in turn, or none: every byte that they do not concern stays (comments, order, quotes, blank
 * lines, line ends, byte-order mark). What already has the wished value is not written anew. Throws CONFIG_UNREADABLE for
 * a text that is not YAML, CONFIG_UNEDITABLE for what an alias or anchor forbids or a path that does not fit.
 */
export function editText(text: string, edits: readonly Edit[], file: string): string {
  const document = parseDocument(text, file)
  const [first, ...rest] = document.problems
  if (first !== undefined) throw problemsError([first, ...rest], `${file} is not YAML`)
  const wished = wishedData(document.data, edits, document.locate)
  if (isDeepStrictEqual(document.data, wished)) return text

  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const result = mark + edited(document, wished, edits)
  const check = parseDocument(result, file)
  if (check.problems.length > 0 || !isDeepStrictEqual(check.data, wished)) {
    throw new DdalabError(
      'UNEXPECTED',
      `The change of ${file} would not have given what was wished; nothing was written`,
    )
  }
  return result
}

function edited(document: YamlDocument, wished: unknown, edits: readonly Edit[]): string {
  const { root, data } = document
  const eol = /\r?\n/.exec(document.text)?.[0] ?? '\n'
  const closed = document.text === '' || document.text.endsWith('\n')
  const text = closed ? document.text : document.text + eol
  const sheet: Sheet = {
    text,
    manner: { eol, step: stepOf(root, text) },
    paths: edits.map(({ path }) => path),
    touched: new Set(),
    refuseAlias: (path) => {
      throw uneditable(document, path, `${formatPath(path)} is an alias (*) of another place`)
    },
  }
  const slot = rootSlot(root, text)
  const splices =
    slot.node === null || slot.start === slot.end
      ? [insertion(documentEnd(text), rootText(wished, sheet.manner))]
      : changes(slot, [], data, wished, sheet)
  refuseBrokenAliases(document, splices, sheet.touched)
  const result = applySplices(text, splices)
  return closed ? result : result.replace(/\r?\n$/, '')
}

function rootText(wished: unknown, manner: Manner): string {
  const { head, body } = renderBlock(wished, -1, manner)
  return head === '' ? body : `${head}${manner.eol}${body}`
}

function rootSlot(root: Node | null, text: string): Slot {
  const start = root?.range?.[0] ?? 0
  const end = contentEnd(root, text) ?? start
  return { node: root, open: start, start, end, propertiesEnd: start, column: -1, flow: false, item: false }
}

/** Where the first document ends: before its `...` line. */
function documentEnd(text: string): number {
  const end = text.search(/^\.\.\.(?:\s|$)/m)
  return end === -1 ? text.length : end
}

/** The spaces of one level: those of the first section that has an indentation. */
function stepOf(root: Node | null, text: string): number {
  if (!isMap(root) || isFlow(root)) return 2
  for (const { slot } of entriesOf(root, text)) {
    const { node } = slot
    if (!isMap(node) || isFlow(node) || node.range == null) continue
    const column = node.range[0] - lineStart(text, node.range[0])
    if (column > 0) return column
  }
  return 2
}

/** An alias that stays must still stand for what it stood for. */
function refuseBrokenAliases(document: YamlDocument, splices: readonly Splice[], touched: ReadonlySet<Node>): void {
  if (document.root === null || !document.text.includes('*')) return
  const removed = splices.filter(({ start, end }) => start < end)
  const isRemoved = ({ range }: Node) => {
    const at = range?.[0] ?? 0
    return removed.some(({ start, end }) => start <= at && at < end)
  }
  const anchors = new Map<string, Node>()
  visit(document.root, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target !== undefined && !isRemoved(node) && (touched.has(target) || isRemoved(target))) {
          throw new DdalabError('CONFIG_UNEDITABLE', `The alias *${node.source} repeats what would change`, {
            hint: 'Write the value out in the place of the alias, then try again.',
            place: document.at(node.range?.[0] ?? 0),
          })
        }
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
}

function uneditable(document: YamlDocument, path: Path, message: string): DdalabError {
  return new DdalabError('CONFIG_UNEDITABLE', message, {
    hint: 'Change it at its anchor (&), or write the value out in the place of the alias.',
    place: document.locate(path),
  })
}
