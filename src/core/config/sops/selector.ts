import type { Leaf } from './leaves.ts'

/** The rule of a file: which of its values are encrypted. */
export interface Selector {
  readonly rule: SelectorRule
  readonly pattern: string
}

export const SELECTOR_RULES = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const
export type SelectorRule = (typeof SELECTOR_RULES)[number]

/** What holds in a file without a rule. */
export const DEFAULT_SELECTOR: Selector = { rule: 'unencrypted_suffix', pattern: '_unencrypted' }

/** Whether a value is to be encrypted. Any key of its path decides, or any comment above it. Throws `UnknownPattern`. */
export function selects({ rule, pattern }: Selector): (leaf: Pick<Leaf, 'path' | 'comments'>) => boolean {
  const matches = rule.endsWith('_suffix') ? (text: string) => text.endsWith(pattern) : matcher(pattern)
  const texts = ({ path, comments }: Pick<Leaf, 'path' | 'comments'>) =>
    rule.includes('comment') ? comments : path.filter((step) => typeof step === 'string')
  const selected = !rule.startsWith('unencrypted')
  return (leaf) => texts(leaf).some(matches) === selected
}

/** A rule that selects what the former one does, and these names; undefined when there is none that can be written. */
export function extended({ rule, pattern }: Selector, names: readonly string[]): Selector | undefined {
  const added = names.map(literally)
  const list = /^\^\(([\w|-]+)\)\$$/.exec(pattern)?.[1]
  switch (rule) {
    case 'encrypted_regex':
      return {
        rule,
        pattern: list === undefined ? `${pattern}|^(${added.join('|')})$` : `^(${[list, ...added].join('|')})$`,
      }
    case 'encrypted_suffix':
      return { rule: 'encrypted_regex', pattern: `${literally(pattern)}$|^(${added.join('|')})$` }
    default:
      return undefined
  }
}

/** A rule for these names alone. */
export function selectorOf(names: readonly string[]): Selector {
  return { rule: 'encrypted_regex', pattern: `^(${names.map(literally).join('|')})$` }
}

/** A regular expression that means something else here than in SOPS, or nothing. */
export class UnknownPattern extends Error {}

/** What Go's expressions have and ours have not, or have with another meaning. */
const OTHER_IN_GO = /\\[AzQEpPC]|\[\[:|\(\?(?![:P])|\(\?P[^<]/

/** Go's `(?i)` at the start and `(?P<name>..)` are the differences that people use. */
export function matcher(pattern: string): (text: string) => boolean {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? []
  if (OTHER_IN_GO.test(rest)) throw new UnknownPattern(pattern)
  try {
    const expression = new RegExp(rest.replaceAll('(?P<', '(?<'), flags)
    return (text) => expression.test(text)
  } catch {
    throw new UnknownPattern(pattern)
  }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
