import * as Flags from '@oclif/core/flags'
import { exec } from '../core/actions/exec.ts'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { collectingStreams, processStreams } from '../ui/cli/exec-streams.ts'
import { engineFlags, instanceFlags, word } from '../ui/cli/flags.ts'

export default class Exec extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Run a command in the container of a service; without a command, a shell'
  static override description =
    `The exit code is that of the command. On a terminal the command gets one, with its size and every key.
Without a terminal the streams are passed on as they are, so that data can be piped in and out.
With --json the command gets no terminal, and its output is in the answer.`
  static override examples = ['ddalab exec api', 'ddalab exec postgres -- psql -U ddalab', 'ddalab exec api -- env']
  static tail = 'COMMAND [ARGUMENT...]'
  static override args = {
    service: word({ description: 'The service', required: true }),
    command: word({ description: 'The command, when it has no flags', multiple: true }),
  }
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    user: Flags.string({ char: 'u', description: 'The user to run as', helpValue: 'NAME[:GROUP]' }),
    workdir: Flags.string({ char: 'w', description: 'The folder to run in', helpValue: 'PATH' }),
    env: Flags.string({
      char: 'e',
      description: 'A variable; may be repeated',
      helpValue: 'NAME=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    index: Flags.integer({ description: 'Which container, of several', default: 1, min: 1 }),
    'no-tty': Flags.boolean({ char: 'T', description: 'Give the command no terminal' }),
  }

  async run(): Promise<number> {
    const end = this.argv.includes('--') ? this.argv.indexOf('--') : this.argv.length
    const tail = this.argv.slice(end + 1)
    const { flags, args } = await this.parse(Exec, this.argv.slice(0, end))
    const command = [...(args.command ?? []), ...tail]
    const [world, target] = this.place(flags)
    const options = {
      service: args.service,
      command: command.length === 0 ? ['sh'] : command,
      index: flags.index,
      environment: Object.fromEntries((flags.env ?? []).map(variable)),
      ...(flags.user !== undefined && { user: flags.user }),
      ...(flags.workdir !== undefined && { workingDir: flags.workdir }),
    }
    this.shell.interrupt.beginFollowing()
    if (this.shell.preferences.mode === 'json') {
      const { streams, output } = collectingStreams()
      const exitCode = await exec(world, target, options, streams)
      return this.shell.answer({ exitCode, ...output() }, () => '', exitCode)
    }
    try {
      return await exec(world, target, options, processStreams(this.shell, !flags['no-tty']))
    } catch (thrown) {
      if (this.shell.stdout.closed.aborted) return EXIT.ok
      throw thrown
    }
  }
}

function variable(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
  throw new DdalabError('USAGE', 'A variable is given as NAME=VALUE.', { hint: 'For example: --env TZ=UTC' })
}
