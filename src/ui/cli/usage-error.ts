import { DdalabError } from '../../core/errors.ts'
import { suggest } from './suggest.ts'

/** What a command takes, as far as an error needs it. */
export interface Usage {
  /** As it is typed: `config show`. */
  readonly command: string
  /** Names of its flags, without `--`. */
  readonly flags: readonly string[]
}

/**
 * An error of oclif's parser as USAGE (exit 2): what is wrong, the nearest flag, where the help is. Errors of our own pass,
 * without what the parser wrapped around their message.
 */
export function toUsageError(thrown: unknown, usage: Usage): DdalabError {
  if (thrown instanceof DdalabError) return new DdalabError(thrown.code, unwrapped(thrown.message), thrown.options)
  const nextSteps = [`ddalab ${usage.command} --help`]
  const unknown = strings(thrown, 'flags')
  if (unknown !== undefined) {
    const hint = unknown.flatMap(
      (flag) => suggest(flag.split('=', 1)[0]?.replace(/^-+/, '') ?? '', usage.flags, '--') ?? [],
    )
    return new DdalabError('USAGE', `"ddalab ${usage.command}" has no flag ${unknown.join(', ')}.`, {
      nextSteps,
      ...(hint.length > 0 && { hint: hint.join(' ') }),
    })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const hint = nearestValue(message)
  return new DdalabError('USAGE', sentence(thrown, message), {
    nextSteps,
    ...(hint !== undefined && { hint }),
    cause: thrown,
  })
}

/** Of a flag that takes some words only: the one that was meant. */
function nearestValue(message: string): string | undefined {
  const [, value, options] = /^Expected --[\w-]+=(.*) to be one of: (.*)$/m.exec(message) ?? []
  return value === undefined || options === undefined ? undefined : suggest(value, options.split(', '))
}

function sentence(thrown: unknown, message: string): string {
  const values = strings(thrown, 'args')
  if (values !== undefined) return `Too many arguments: ${values.join(' ')}`
  const names = argumentNames(thrown)
  if (names.length > 0) return `Missing ${names.map((name) => name.toUpperCase()).join(' and ')}.`
  return unwrapped(message)
}

/** The parser writes `Parsing --x \n\t...` before a message and advice after it. */
function unwrapped(message: string): string {
  return message
    .replace(/(--[\w-]+)=\S* cannot also be provided when using (--[\w-]+)/g, '$1 and $2 exclude each other.')
    .replace(/^Parsing (--\S+) \s*/, '$1: ')
    .replaceAll(/\s*See more help with --help/g, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .trim()
}

function field(thrown: unknown, name: string): unknown {
  return thrown instanceof Error ? Reflect.get(thrown, name) : undefined
}

function strings(thrown: unknown, name: string): string[] | undefined {
  const value = field(thrown, name)
  if (!Array.isArray(value) || value.length === 0) return undefined
  return value.every((item) => typeof item === 'string') ? value : undefined
}

function argumentNames(thrown: unknown): string[] {
  const value = field(thrown, 'args')
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => {
    const name = typeof item === 'object' && item !== null ? Reflect.get(item, 'name') : undefined
    return typeof name === 'string' ? [name] : []
  })
}
