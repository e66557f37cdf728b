/**
 * Variable substitution in texts, by the rules of the Compose specification ("Interpolation") and, where it is silent,
 * of the Compose binary: `$VAR`, `${VAR}`, `${VAR:-default}`, `-`, `:?error`, `?`, `:+other`, `+`, nested, and `$$` for `$`.
 */
export type Lookup = (name: string) => string | undefined

/** Why a text could not be substituted. */
export type InterpolationFailure =
  | { readonly kind: 'invalid-format'; readonly at: string }
  | { readonly kind: 'required'; readonly name: string; readonly message: string }

export type Interpolated = { readonly value: string } | { readonly failure: InterpolationFailure }

/** `$$`, `$NAME`, `${NAME}` or `${NAME<operator>...}` up to the last brace of the line, or a `${` that is none of these. */
const EXPRESSION =
  /\$(?:(?<escaped>\$)|(?<named>[_a-z][_a-z0-9]*)|\{(?:(?<braced>[_a-z][_a-z0-9]*)(?:(?<operator>:?[-+?])(?<argument>.*))?\}|(?<invalid>)))/giu

class Failed extends Error {
  readonly failure: InterpolationFailure
  constructor(failure: InterpolationFailure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** The text with its variables replaced. An unset variable without default is empty; `onUnset` is told its name. */
export function interpolate(text: string, lookup: Lookup, onUnset: (name: string) => void = () => {}): Interpolated {
  if (!text.includes('$')) return { value: text }
  try {
    return { value: substitute(text, lookup, onUnset) }
  } catch (thrown) {
    if (thrown instanceof Failed) return { failure: thrown.failure }
    throw thrown
  }
}

/** A text that interpolation gives back as it was. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$')
}

/** The failure in words, in the terms of Compose. */
export function describeFailure(failure: InterpolationFailure): { readonly message: string; readonly hint: string } {
  switch (failure.kind) {
    case 'invalid-format':
      return {
        message: `invalid interpolation format "${failure.at}"`,
        hint: 'Write the name in braces after the dollar sign, or two dollar signs for one.',
      }
    case 'required': {
      const reason = failure.message === '' ? '' : `: ${failure.message}`
      return {
        message: `required variable ${failure.name} is missing a value${reason}`,
        hint: `Give ${failure.name} a value.`,
      }
    }
  }
}

function substitute(text: string, lookup: Lookup, onUnset: (name: string) => void): string {
  return text.replace(EXPRESSION, (match: string, ...rest: readonly unknown[]) => {
    const groups = groupsOf(rest)
    if (groups.escaped !== undefined) return '$'
    if (groups.named !== undefined) return plain(groups.named)
    if (groups.braced === undefined) throw new Failed({ kind: 'invalid-format', at: match })
    if (groups.operator === undefined) return plain(groups.braced)

    // The pattern is greedy to the end of the line: the expression ends at its own brace, and what follows is text again.
    const close = closingBrace(match)
    const argumentStart = '${'.length + groups.braced.length + groups.operator.length
    const argument = match.slice(argumentStart, close === -1 ? -1 : close)
    const following = close === -1 ? '' : match.slice(close + 1)
    return apply(groups.braced, groups.operator, argument) + substitute(following, lookup, onUnset)
  })

  function plain(name: string): string {
    const value = lookup(name)
    if (value === undefined) onUnset(name)
    return value ?? ''
  }

  function apply(name: string, operator: string, argument: string): string {
    const value = lookup(name)
    const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
    if (operator.endsWith('-') && isSet) return value ?? ''
    // Compose looks at the argument even where it is not used, except a default: a mistake in it never goes unseen.
    const other = substitute(argument, lookup, onUnset)
    if (operator.endsWith('-')) return other
    if (operator.endsWith('+')) return isSet ? other : ''
    if (!isSet) throw new Failed({ kind: 'required', name, message: other })
    return value ?? ''
  }
}

/** Index of the brace that closes the first one, or -1. As in Compose, the character after an opening brace is not looked at. */
function closingBrace(text: string): number {
  let open = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '}' && --open === 0) return index
    if (text[index] === '{') {
      open++
      index++
    }
  }
  return -1
}

type Groups = Partial<Record<'escaped' | 'named' | 'braced' | 'operator' | 'argument' | 'invalid', string>>

function groupsOf(replaceArguments: readonly unknown[]): Groups {
  const groups = replaceArguments.at(-1)
  return groups !== null && typeof groups === 'object' ? groups : {}
}
