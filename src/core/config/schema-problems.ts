import * as z from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { type Finding, MOST_PROBLEMS } from './finding.ts'
import { formatPath, getPath, type Path, printable } from './path.ts'
import { descriptionAt, keysAt, schemaAt } from './schema-walk.ts'

/** What zod found, in our words: one finding for each value (the first that is wrong with it) and each unknown key. */
export function schemaFindings(error: z.ZodError, data: unknown): readonly Finding[] {
  const seen = new Set<string>()
  return error.issues
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => findingsOf(issue, data))
    .filter((finding) => {
      const key = formatPath(finding.path)
      return seen.has(key) ? false : seen.add(key)
    })
    .slice(0, MOST_PROBLEMS)
}

function findingsOf(issue: z.core.$ZodIssue, data: unknown): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_PROBLEMS).map((key) => unknownKey([...path, key]))
    case 'invalid_key': {
      const expected = issue.issues[0]?.message ?? 'another name'
      return [
        {
          path,
          part: 'key',
          message: `The name ${printable(JSON.stringify(path.at(-1)))} in ${formatPath(path.slice(0, -1))} must be ${expected}`,
          hint: 'Rename it.',
        },
      ]
    }
    default: {
      const value = getPath(data, path)
      const name = path.length === 0 ? 'The config' : formatPath(path)
      return [{ path, part: 'value', message: `${name} must be ${issue.message}`, hint: hintFor(value, path) }]
    }
  }
}

function unknownKey(path: Path): Finding {
  return { path, part: 'key', message: `${formatPath(path)} is not a setting`, hint: hintForUnknown(path) }
}

/** What was meant by a path that the schema does not know; paths of the whole config are tried when the section has none. */
export function hintForUnknown(path: Path): string {
  const parent = path.slice(0, -1)
  const known = keysAt(parent)
  const meant = didYouMean(String(path.at(-1)), known)
  if (meant !== undefined) return `Did you mean ${formatPath([...parent, meant])}?`
  if (known.length === 0) return 'Remove it.'
  return `Known ${parent.length === 0 ? 'settings' : `in ${formatPath(parent)}`}: ${known.join(', ')}.`
}

/** What to do about a value of the wrong kind. Tells the kind of the value at most, never the value: it may be a secret. */
function hintFor(value: unknown, path: Path): string {
  const schema = schemaAt(path)
  if (value === null) {
    return path[0] === 'environments' && path.length > 2
      ? 'An overlay cannot take a setting away: give it the value that is to hold there, or remove the line.'
      : 'Give it a value, or remove the line.'
  }
  if (schema instanceof z.ZodArray && typeof value === 'string') return 'Write a list: [first, second].'
  if (schema instanceof z.ZodString && (typeof value === 'number' || typeof value === 'boolean')) {
    return 'Put the value in quotes.'
  }
  if (schema instanceof z.ZodNumber && typeof value === 'string' && /^\d+$/.test(value)) {
    return 'Write the number without quotes.'
  }
  if (schema instanceof z.ZodBoolean && typeof value === 'string' && /^(?:yes|no|on|off|y|n)$/i.test(value)) {
    return 'Write true or false: in YAML 1.2 yes, no, on and off are texts.'
  }
  if (schema instanceof z.ZodEnum && typeof value === 'string') {
    const meant = didYouMean(value, schema.options.map(String))
    if (meant !== undefined) return `Did you mean ${meant}?`
  }
  const description = descriptionAt(path)
  return description === undefined ? 'Correct it.' : `What it is: ${description}`
}
