import { DdalabError } from '../../core/errors.ts'
import { type Groups, type Manifest, visibleCommands } from './manifest.ts'
import { suggest } from './suggest.ts'

export interface Resolved {
  /** `config:show`. */
  readonly id: string
  /** Its flags and arguments. */
  readonly argv: string[]
}

const HELP = new Set(['--help', '-h'])

/**
 * Which command the words mean, of those that the groups hold; the manifest is read only where they do not say it. Flags may stand before the command (`ddalab -i lab status`); `--help` anywhere before `--`
 * asks for the help of the command, no command at all for that of the program.
 */
export function resolveCommand(argv: readonly string[], groups: Groups, manifest: () => Manifest): Resolved {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const words = argv.slice(0, end)
  const isHelp = words.some((word) => HELP.has(word))
  if (words[0] === '--version') return { id: 'version', argv: argv.slice(1) }

  const start = words[0]?.startsWith('-') === true ? commandStart(words, manifest()) : 0
  const named = words.slice(start).findIndex((word) => word.startsWith('-'))
  const candidates = words.slice(start, named === -1 ? undefined : start + named)
  const leading = words.slice(0, start).filter((word) => !HELP.has(word))
  const id = longestId(candidates, groups)
  if (isHelp) return { id: 'help', argv: id === undefined ? candidates : id.split(':') }
  if (candidates.length === 0 && leading.every((word) => word.startsWith('-'))) return { id: 'help', argv: leading }
  if (id === undefined) throw unknownCommand(candidates, manifest())
  return { id, argv: [...leading, ...argv.slice(start + id.split(':').length)] }
}

/** Where the leading flags and their values end. A flag has one meaning everywhere, so any command tells whether it takes a value. */
function commandStart(words: readonly string[], manifest: Manifest): number {
  const flags = Object.values(manifest.commands).flatMap((command) => Object.values(command.flags))
  const takesValue = (word: string): boolean =>
    flags.some((flag) => flag.type === 'option' && (word === `--${flag.name}` || word === `-${flag.char}`))
  let index = 0
  while (words[index]?.startsWith('-')) index += takesValue(words[index] ?? '') ? 2 : 1
  return Math.min(index, words.length)
}

function longestId(words: readonly string[], groups: Groups): string | undefined {
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(':')
    if (Object.hasOwn(groups, id)) return id
  }
  return undefined
}

function unknownCommand(words: readonly string[], manifest: Manifest): DdalabError {
  const known = visibleCommands(manifest)
  const [topic = ''] = words
  const below = known.filter((name) => name.startsWith(`${topic} `))
  if (below.length === 0) {
    const hint = suggest(
      topic,
      known.map((name) => name.split(' ', 1)[0] ?? name),
    )
    return new DdalabError('USAGE', `"${topic}" is no command of ddalab.`, {
      nextSteps: ['ddalab help'],
      ...(hint !== undefined && { hint }),
    })
  }
  const names = below.map((name) => name.slice(topic.length + 1))
  const message =
    words[1] === undefined
      ? `"ddalab ${topic}" needs one more word.`
      : `"${words[1]}" is no command of "ddalab ${topic}".`
  return new DdalabError('USAGE', message, {
    hint: (words[1] === undefined ? undefined : suggest(words[1], names)) ?? `There are: ${names.join(', ')}`,
    nextSteps: [`ddalab ${topic} --help`],
  })
}
