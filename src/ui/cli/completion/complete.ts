import type { CommandFacts, FlagFacts, Manifest } from '../manifest.ts'

export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What only the machine knows: names of instances, services, templates. */
export type ValueKind = 'instance' | 'service' | 'template'
export type Values = (kind: ValueKind, words: readonly string[]) => Promise<readonly string[]>

/** Tells the shell to complete a path by itself. */
export const FILES = ':files'
const PATHS = new Set(['FILE', 'DIR', 'PATH'])
const KINDS: ReadonlySet<string> = new Set<ValueKind>(['instance', 'service', 'template'])

/** What may stand in place of the last word; `words` are those after `ddalab`, the last one unfinished or empty. */
export async function complete(words: readonly string[], manifest: Manifest, values: Values): Promise<Candidate[]> {
  const before = words.slice(0, -1)
  const partial = words.at(-1) ?? ''
  if (before.includes('--')) return []
  const named = async (name: string, options?: readonly string[]): Promise<Candidate[]> => {
    if (options !== undefined) return plain(options)
    return isKind(name) ? plain(await values(name, before)) : []
  }

  const { command, path, given } = read(before, manifest)
  const flags = Object.values(command?.flags ?? globalFlags(manifest)).filter((flag) => flag.hidden !== true)
  const waiting = flags.find((flag) => flag.type === 'option' && isFlag(flag, before.at(-1) ?? ''))
  if (waiting !== undefined) return starting(partial, await flagValues(waiting, named))

  const [, flagName, typed] = /^--([^=]+)=(.*)$/s.exec(partial) ?? []
  if (flagName !== undefined && typed !== undefined) {
    const flag = flags.find(({ name }) => name === flagName)
    const found = flag === undefined ? [] : starting(typed, await flagValues(flag, named))
    return found.map(({ value, description }) => ({ value: `--${flagName}=${value}`, description }))
  }
  if (partial.startsWith('-')) {
    const unused = flags.filter((flag) => flag.multiple === true || !before.some((word) => isFlag(flag, word)))
    return starting(
      partial,
      unused.map((flag) => ({ value: `--${flag.name}`, description: flag.description ?? '' })),
    )
  }
  const below = given.length === 0 ? nextWords(path, manifest) : []
  const args = Object.values(command?.args ?? {})
  const last = args.at(-1)
  const argument = args[given.length] ?? (last?.multiple === true ? last : undefined)
  const candidates = argument === undefined ? [] : await named(argument.name, argument.options)
  return starting(partial, [...below, ...candidates.filter(({ value }) => !given.includes(value))])
}

/** The command that the words name, the words of its name, and the arguments that follow it. */
function read(words: readonly string[], manifest: Manifest) {
  const valued = Object.values(globalFlags(manifest)).filter((flag) => flag.type === 'option')
  const bare = words.filter(
    (word, index) => !word.startsWith('-') && !valued.some((flag) => isFlag(flag, words[index - 1] ?? '')),
  )
  let path: string[] = []
  for (let length = bare.length; length > 0; length -= 1) {
    const id = bare.slice(0, length).join(':')
    const isTopic = Object.keys(manifest.commands).some((known) => known.startsWith(`${id}:`))
    if (Object.hasOwn(manifest.commands, id) || isTopic) {
      path = bare.slice(0, length)
      break
    }
  }
  const command: CommandFacts | undefined = manifest.commands[path.join(':')]
  return { command, path, given: bare.slice(path.length) }
}

/** Every flag by name: a flag has one meaning everywhere. */
function globalFlags(manifest: Manifest): { readonly [name: string]: FlagFacts } {
  return Object.fromEntries(Object.values(manifest.commands).flatMap((command) => Object.entries(command.flags)))
}

function nextWords(path: readonly string[], manifest: Manifest): Candidate[] {
  const found = new Map<string, string>()
  for (const command of Object.values(manifest.commands)) {
    const ids = command.id.split(':')
    const word = ids[path.length]
    if (command.hidden === true || word === undefined || !path.every((part, index) => ids[index] === part)) continue
    const isWhole = ids.length === path.length + 1
    if (isWhole || !found.has(word)) found.set(word, isWhole ? (command.summary ?? '') : '')
  }
  return [...found].map(([value, description]) => ({ value, description }))
}

async function flagValues(
  flag: FlagFacts,
  named: (name: string, options?: readonly string[]) => Promise<Candidate[]>,
): Promise<Candidate[]> {
  if (PATHS.has(flag.helpValue ?? '')) return [{ value: FILES, description: '' }]
  return named(flag.name, flag.options)
}

function isFlag(flag: FlagFacts, word: string): boolean {
  return word === `--${flag.name}` || (flag.char !== undefined && word === `-${flag.char}`)
}

function isKind(name: string): name is ValueKind {
  return KINDS.has(name)
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, description: '' }))
}

function starting(partial: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value === FILES || value.startsWith(partial))
}
