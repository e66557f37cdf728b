import type { CommandFacts, FlagFacts, Manifest } from '../../src/ui/cli/manifest.ts'

/** The command lines of ddalab in a line for the shell, as words; what is piped in or out is left out. */
export function ddalabLines(line: string): readonly (readonly string[])[] {
  const words = (line.match(/(?:[^\s"'()]+|"[^"]*"|'[^']*')+|[()]/g) ?? []).map((word) => word.replaceAll(/["']/g, ''))
  const begins = (index: number) => index === 0 || /^[|;&(]+$/.test(words[index - 1] ?? '')
  const starts = words.flatMap((word, index) => (/^(?:.*\/)?ddalab$/.test(word) && begins(index) ? [index + 1] : []))
  return starts.map((start) => {
    const rest = words.slice(start)
    const end = rest.findIndex((word) => /^(?:[|;&>#()]|&&|\|\|)/.test(word))
    return end === -1 ? rest : rest.slice(0, end)
  })
}

/** What is wrong with the words of a command line, by the manifest; undefined when nothing is. */
export function mistakeIn(words: readonly string[], manifest: Manifest): string | undefined {
  const command = commandOf(words, manifest)
  if (command === undefined) return 'there is no such command'
  const own = command.id.split(':').length
  const end = words.indexOf('--')
  const rest = words.slice(own, end === -1 ? undefined : end)
  const positional: string[] = []
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? ''
    if (!word.startsWith('-') || word === '-') {
      positional.push(word)
      continue
    }
    const [name = '', given] = word.split('=', 2)
    const flag = flagOf(name, command)
    if (flag === undefined) return `${command.id} has no flag ${name}`
    if (flag.type === 'boolean') continue
    const value = given ?? rest[++index]
    if (value === undefined) return `${name} has no value`
    if (flag.options !== undefined && !flag.options.includes(value)) return `${name} does not take ${value}`
  }
  return mistakeInArguments(positional, command)
}

function commandOf(words: readonly string[], { commands }: Manifest): CommandFacts | undefined {
  return commands[words.slice(0, 2).join(':')] ?? commands[words[0] ?? '']
}

function flagOf(name: string, { flags }: CommandFacts): FlagFacts | undefined {
  return Object.values(flags).find((flag) => name === `--${flag.name}` || name === `-${flag.char}`)
}

function mistakeInArguments(given: readonly string[], { args }: CommandFacts): string | undefined {
  const declared = Object.values(args)
  if (given.length > declared.length && declared.at(-1)?.multiple !== true) return `too many words: ${given.join(' ')}`
  for (const [index, { name, required, options }] of declared.entries()) {
    const value = given[index]
    if (value === undefined && required === true) return `${name} is missing`
    // A word in capitals stands for any value.
    const isPlaceholder = value === undefined || /^[A-Z]+$/.test(value)
    if (!isPlaceholder && options !== undefined && !options.includes(value)) return `${name} cannot be ${value}`
  }
  return undefined
}
