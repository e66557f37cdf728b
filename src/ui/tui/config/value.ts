import { isSecretSchemaPath, parsePath, settingProblem, settingValue } from '../../../core/config/index.ts'
import { DdalabError } from '../../../core/errors.ts'
import { graphemes } from '../../wizard/line.ts'
import type { Field } from './model.ts'

/** What a typed text means as a value, or why it is none: in the words of the schema, never with the value in them. */
export type Meant =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string }

/** The value that a text stands for; of a list, each line is an item. */
export function meaningOf({ path, kind, isSecret }: Pick<Field, 'path' | 'kind' | 'isSecret'>, text: string): Meant {
  try {
    const steps = parsePath(path)
    const value =
      kind === 'list'
        ? text
            .split('\n')
            .map((item) => item.trim())
            .filter((item) => item !== '')
        : settingValue(steps, text, { asText: isSecret || isSecretSchemaPath(steps) })
    const problem = settingProblem(steps, value)
    if (problem === undefined) return { kind: 'value', value }
    return { kind: 'refused', message: problem.message, hint: problem.hint }
  } catch (thrown) {
    if (!(thrown instanceof DdalabError)) throw thrown
    return { kind: 'refused', message: thrown.message, hint: thrown.options.hint ?? '' }
  }
}

/** A value as it is typed. */
export function typedText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.map(String).join('\n') : String(value)
}

/** A value in one line, for a list of settings. A secret only tells that there is one. */
export function shownText({ isSecret }: Pick<Field, 'isSecret'>, value: unknown, mask: string): string {
  if (value === undefined) return ''
  if (isSecret) return value === '' ? '' : mask.repeat(8)
  return typedText(value).replaceAll('\n', ', ')
}

/** A text with each of its characters masked. */
export function masked(text: string, mask: string): string {
  return mask.repeat(graphemes(text).length)
}
