import * as Flags from '@oclif/core/flags'
import { logs } from '../core/actions/logs.ts'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, eventsFlag, followFlag, instanceFlags, pattern, serviceArguments } from '../ui/cli/flags.ts'
import { parseTime } from '../ui/cli/format.ts'
import { logView } from '../ui/cli/views/logs.ts'

export default class LogsCommand extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Show the logs of services, merged in order of time'
  static override description = `TIME is RFC 3339 (2026-03-01T12:00:00Z), seconds since 1970, or how long ago (10m, 2h).
--grep and --invert choose among the lines that --since, --until and --tail leave.
--json prints one object with all lines; --events prints one object a line, also while following.`
  static override examples = ['ddalab logs --follow', 'ddalab logs api --since 10m --grep "ERROR|WARN"']
  static override args = serviceArguments
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...eventsFlag,
    ...followFlag,
    since: Flags.string({ description: 'Lines from this time on', helpValue: 'TIME' }),
    until: Flags.string({ description: 'Lines before this time', helpValue: 'TIME' }),
    tail: Flags.integer({ description: 'The last lines of each container', helpValue: 'NUMBER', min: 0 }),
    timestamps: Flags.boolean({ char: 't', description: 'Begin each line with its time' }),
    grep: pattern({ description: 'Lines that match only' }),
    invert: Flags.boolean({ description: 'Lines that do not match only', dependsOn: ['grep'] }),
    'no-prefix': Flags.boolean({ description: 'Do not begin each line with its service' }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(LogsCommand)
    const [world, target] = this.place(flags)
    const since = this.time(flags.since)
    const until = this.time(flags.until)
    if (flags.follow) this.shell.interrupt.beginFollowing()
    const signal = AbortSignal.any([world.signal, this.shell.stdout.closed])
    const { sources, lines } = await logs({ ...world, signal }, target, {
      services: args.service ?? [],
      follow: flags.follow,
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(flags.tail !== undefined && { tail: flags.tail }),
    })
    const { mode } = this.shell.preferences
    const view = logView(sources, { timestamps: flags.timestamps, prefix: !flags['no-prefix'] })
    const found = []
    let count = 0
    for await (const together of lines) {
      if (signal.aborted) break
      const wanted = together.filter(({ line }) => flags.grep === undefined || flags.grep.test(line) !== flags.invert)
      count += wanted.length
      if (mode === 'json') found.push(...wanted)
      else for (const line of wanted) if (!signal.aborted) await this.shell.stream('log', line, view)
    }
    const data = mode === 'json' ? { lines: found } : { count }
    return this.shell.answer(data, () => '', this.shell.signal.aborted ? EXIT.interrupted : EXIT.ok)
  }

  private time(text: string | undefined): number | undefined {
    if (text === undefined) return undefined
    const time = parseTime(text, this.shell.now())
    if (time !== undefined) return time
    throw new DdalabError('USAGE', `"${text}" is no time.`, {
      hint: 'Write it as 2026-03-01T12:00:00Z, as seconds since 1970, or as how long ago: 10m.',
    })
  }
}
