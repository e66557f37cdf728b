import { isAlias, type Node, visit } from 'yaml'
import { DdalabError } from '../../errors.ts'
import type { YamlDocument } from '../document.ts'
import { formatPath, type Path } from '../path.ts'
import type { Splice } from './splice.ts'

const HINT = 'Change it at its anchor (&), or write the value out in the place of the alias (*).'

/** The refusal to change what is written elsewhere. */
export function behindAlias({ locate }: YamlDocument, path: Path): DdalabError {
  const message = `${formatPath(path)} is an alias (*): the value is written elsewhere`
  return new DdalabError('CONFIG_UNEDITABLE', message, { hint: HINT, place: locate(path) })
}

/** CONFIG_UNEDITABLE when an alias that stays would no longer stand for what it stands for. */
export function refuseBrokenAliases(
  { root, at }: YamlDocument,
  splices: readonly Splice[],
  touched: ReadonlySet<Node>,
): void {
  if (root === null) return
  const anchors = new Map<string, Node>()
  visit(root, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node)
        return
      }
      const target = anchors.get(node.source)
      if (target === undefined || isRemoved(node, splices)) return
      if (touched.has(target) || isRemoved(target, splices)) {
        const message = `The alias *${node.source} stands for what would change`
        throw new DdalabError('CONFIG_UNEDITABLE', message, { hint: HINT, place: at(node.range?.[0] ?? 0) })
      }
    },
  })
}

/** Of a value that is not written its anchor is looked at, which ends where it would start. */
function isRemoved({ range }: Node, splices: readonly Splice[]): boolean {
  const [from, to] = range ?? [0, 0]
  const offset = from === to ? from - 1 : from
  return splices.some(({ start, end }) => start <= offset && offset < end)
}
