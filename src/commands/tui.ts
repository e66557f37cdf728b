import * as Flags from '@oclif/core/flags'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags } from '../ui/cli/flags.ts'

export default class Tui extends BaseCommand {
  static override group = 'more' as const
  static override summary = 'Open the dashboard: state, services, figures and rollback points, live'
  static override description =
    `It fills the terminal and gives it back when it is left (q). "?" tells the keys; ":" finds every
command and shows the line that does the same on the shell.`
  static override examples = ['ddalab tui', 'ddalab tui -i lab --read-only']
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    'read-only': Flags.boolean({ description: 'Change nothing from the dashboard' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Tui)
    const [world, target] = this.place(flags)
    const style = this.shell.screen(false)
    if (style === undefined) {
      throw new DdalabError('USAGE', 'The dashboard needs a terminal, and this is none.', {
        hint: 'To see what runs without one: ddalab status',
        nextSteps: ['ddalab status', 'ddalab status --json'],
      })
    }
    this.shell.interrupt.beginFollowing()
    const { commandLine, liveLogs, livePast, livePoints, liveSource, paletteEntries, runTui } = await import(
      '../ui/tui/index.ts'
    )
    const manifest = this.installation.manifest()
    await runTui({
      around: {
        instance: target.instance,
        isReadOnly: flags['read-only'],
        entries: paletteEntries(manifest),
        commandLine: (words) => commandLine(words, manifest, flags, this.shell.environment.configHome),
      },
      source: liveSource(world, target),
      logs: liveLogs(world, target),
      points: livePoints(world, target),
      past: livePast(world, target),
      style,
      stdin: process.stdin,
      screen: process.stderr,
      now: this.shell.now,
      signal: world.signal,
    })
    return EXIT.ok
  }
}
