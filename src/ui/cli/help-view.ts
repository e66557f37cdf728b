import { exitCodes } from './exit-codes.ts'
import type { ArgumentFacts, CommandFacts, FlagFacts, Manifest, PackageFacts } from './manifest.ts'
import { paint, type Style } from './style.ts'

/** The order of the groups in the help of the program; a command says in its `group` where it belongs. */
export const GROUPS = ['set-up', 'configuration', 'deployment', 'releases', 'more'] as const
export type Group = (typeof GROUPS)[number]

/** What it is called, and what it is. */
export type Row = readonly [string, string]

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0
    ? []
    : [paint(style, 'strong', title.toUpperCase()), ...lines.map((line) => `  ${line}`), '']
}

function rows(pairs: readonly Row[]): string[] {
  const width = Math.max(0, ...pairs.map(([left]) => left.length))
  return pairs.map(([left, right]) => `${left.padEnd(width)}  ${right}`.trimEnd())
}

function examples(lines: readonly string[], style: Style): string[] {
  return section(
    'Examples',
    lines.map((line) => `${paint(style, 'quiet', '$')} ${line}`),
    style,
  )
}

const spoken = (id: string): string => id.replaceAll(':', ' ')
const isVisible = (item: { readonly hidden?: boolean }): boolean => item.hidden !== true
const summaryRow = (command: CommandFacts): Row => [spoken(command.id), command.summary ?? '']

/** The help of the program: every command by group, and where to read on. */
export function rootHelp(manifest: Manifest, facts: PackageFacts, style: Style): string {
  const commands = Object.values(manifest.commands).filter(isVisible)
  const width = Math.max(...commands.map((command) => command.id.length))
  const groups = GROUPS.flatMap((group) =>
    section(
      group,
      commands
        .filter((command) => (command.group ?? 'more') === group)
        .map(summaryRow)
        .map(([name, summary]) => `${name.padEnd(width)}  ${summary}`),
      style,
    ),
  )
  return [
    facts.description,
    '',
    ...examples(['ddalab init', 'ddalab deploy', 'ddalab status'], style),
    ...groups,
    `Flags and examples of a command: ddalab help COMMAND`,
    `What the exit codes mean: ddalab help exit-codes`,
  ].join('\n')
}

/** The commands below a word: `ddalab help templates`. */
export function topicHelp(topic: string, manifest: Manifest, facts: PackageFacts, style: Style): string {
  const commands = Object.values(manifest.commands).filter(({ id }) => id.startsWith(`${topic}:`))
  return [
    facts.oclif.topics[topic]?.description ?? spoken(topic),
    '',
    ...section('Commands', rows(commands.filter(isVisible).map(summaryRow)), style),
  ]
    .join('\n')
    .trimEnd()
}

/** One command: example first, then usage, arguments, flags. */
export function commandHelp(command: CommandFacts, style: Style): string {
  const args = Object.values(command.args)
  const flags = Object.values(command.flags).filter(isVisible)
  const own = flags.filter((flag) => flag.helpGroup === undefined)
  return [
    command.summary ?? '',
    '',
    ...examples(command.examples ?? [], style),
    ...section('Usage', [usageLine(command)], style),
    ...section('Arguments', rows(args.map(argumentRow)), style),
    ...section('Flags', rows(own.map(flagRow)), style),
    ...section('Global flags', rows(flags.filter((flag) => flag.helpGroup !== undefined).map(flagRow)), style),
    ...(command.description === undefined ? [] : [command.description]),
  ]
    .join('\n')
    .trimEnd()
}

/** `ddalab config set SETTING... [flags]` */
export function usageLine(command: CommandFacts): string {
  const args = Object.values(command.args).map((arg) => {
    const name = argumentName(arg)
    return arg.required === true ? name : `[${name}]`
  })
  return [
    'ddalab',
    spoken(command.id),
    ...args,
    '[flags]',
    ...(command.tail === undefined ? [] : ['--', command.tail]),
  ].join(' ')
}

function argumentName(arg: ArgumentFacts): string {
  return `${arg.name.toUpperCase()}${arg.multiple === true ? '...' : ''}`
}

export function argumentRow(arg: ArgumentFacts): Row {
  return [argumentName(arg), withOptions(arg.description, arg.options)]
}

/** `-i, --instance NAME`, with its values, default and variable. */
export function flagRow(flag: FlagFacts): Row {
  const value = flag.type === 'option' ? ` ${flag.helpValue ?? 'VALUE'}` : ''
  const notes = [
    ...(flag.default === undefined ? [] : [`default: ${String(flag.default)}`]),
    ...(flag.env === undefined ? [] : [flag.env]),
  ]
  const text = withOptions(flag.description, flag.options)
  return [
    `${flag.char === undefined ? '    ' : `-${flag.char}, `}--${flag.name}${value}`,
    notes.length === 0 ? text : `${text} [${notes.join(', ')}]`,
  ]
}

function withOptions(description = '', options: readonly string[] = []): string {
  return options.length === 0 ? description : `${description} (${options.join(', ')})`
}

/** The table of `ddalab help exit-codes`. */
export function exitCodesHelp(style: Style): string {
  const lines = rows(exitCodes().map(({ code, meaning }): Row => [String(code).padStart(3), meaning]))
  return section('Exit codes', lines, style).join('\n').trimEnd()
}
