import { exitCodes } from '../../src/ui/cli/exit-codes.ts'
import { argumentRow, flagRow, GROUPS, type Row, usageLine } from '../../src/ui/cli/help-view.ts'
import type { CommandFacts, FlagFacts, Manifest, PackageFacts } from '../../src/ui/cli/manifest.ts'

/** `ddalab.1`, of what the help is made of. `date`: YYYY-MM-DD. The macros are those of man(7). */
export function manPage(manifest: Manifest, facts: PackageFacts, version: string, date: string): string {
  const commands = Object.values(manifest.commands).filter(({ hidden }) => hidden !== true)
  const flags = commands.flatMap((command) => Object.values(command.flags)).filter(({ hidden }) => hidden !== true)
  const isGlobal = (flag: FlagFacts) => flag.helpGroup !== undefined
  return [
    `.TH DDALAB 1 ${date} "ddalab ${version}" "User Commands"`,
    '.SH NAME',
    ...running(`ddalab - ${lowerFirst(facts.description).replace(/\.$/, '')}`),
    '.SH SYNOPSIS',
    '.B ddalab',
    '.I COMMAND',
    roff('[ARGUMENT...] [FLAG...]'),
    '.SH DESCRIPTION',
    ...running(
      'One file says what should run. Every change is shown as a plan first, and is undone when a step of it fails. ' +
        'The commands below are in the order in which one meets them. "ddalab help COMMAND" says the same about one of them.',
    ),
    ...GROUPS.flatMap((group) => {
      const members = commands.filter((command) => (command.group ?? 'more') === group)
      return [`.SH ${group.toUpperCase()}`, ...members.flatMap((command) => commandSection(command, isGlobal))]
    }),
    '.SH GLOBAL FLAGS',
    ...definitions(unique(flags.filter(isGlobal)).map(flagRow)),
    '.SH ENVIRONMENT',
    ...definitions(environment(flags)),
    '.SH EXIT STATUS',
    ...definitions(exitCodes().map(({ code, meaning }): Row => [String(code), meaning])),
    '.SH SEE ALSO',
    '.BR docker (1),',
    '.BR systemd.timer (5)',
    '',
  ].join('\n')
}

function commandSection(command: CommandFacts, isGlobal: (flag: FlagFacts) => boolean): string[] {
  const own = Object.values(command.flags).filter((flag) => flag.hidden !== true && !isGlobal(flag))
  const { examples = [] } = command
  return [
    `.SS "${roff(usageLine(command)).replaceAll('"', '\\(dq')}"`,
    ...running(`${command.summary ?? ''}.`),
    ...(command.description === undefined ? [] : ['.PP', ...paragraph(command.description)]),
    ...definitions([...Object.values(command.args).map(argumentRow), ...own.map(flagRow)]),
    ...(examples.length === 0 ? [] : ['.PP', 'Examples:', '.PP', '.RS 4', '.nf', ...examples.map(line), '.fi', '.RE']),
  ]
}

/** Each variable once, with what the flag says that it stands for. */
function environment(flags: readonly FlagFacts[]): readonly Row[] {
  const named = flags.flatMap((flag) => (flag.env === undefined ? [] : [{ ...flag, name: flag.env }]))
  return unique(named)
    .map(({ name, description = '' }): Row => [name, description])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function unique(flags: readonly FlagFacts[]): readonly FlagFacts[] {
  return [...new Map(flags.map((flag) => [flag.name, flag])).values()]
}

function definitions(rows: readonly Row[]): string[] {
  return rows.flatMap(([term, text]) => ['.TP', `.B ${roff(term.trim())}`, ...running(text)])
}

/** Text runs on; a line that is indented stays as it is, with those around it. */
function paragraph(text: string): string[] {
  const lines = text.split('\n')
  const isSet = lines.some((part) => part.startsWith(' '))
  return isSet ? ['.nf', ...lines.map(line), '.fi'] : running(lines.join(' '))
}

const WIDTH = 78

/** Text that is filled to the width of the terminal: here in short lines, each sentence on a new one, as roff wants it. */
function running(text: string): string[] {
  const lines: string[] = []
  for (const word of roff(text).split(' ')) {
    const last = lines.at(-1)
    const isNew = last === undefined || /[.?!]$/.test(last) || last.length + 1 + word.length > WIDTH
    if (isNew) lines.push(word)
    else lines.push(`${lines.pop()} ${word}`)
  }
  return lines.map(asText)
}

/** A line of text is no request, whatever it begins with. */
function asText(escaped: string): string {
  return /^[.']/.test(escaped) || escaped === '' ? `\\&${escaped}` : escaped
}

function line(text: string): string {
  return asText(roff(text))
}

/** Hyphens stay those that one types, so that examples can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('→', '\\(->')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
