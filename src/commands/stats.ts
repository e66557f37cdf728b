import { type ServiceStats, watchStats } from '../core/actions/stats.ts'
import { EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, eventsFlag, followFlag, instanceFlags, serviceArguments } from '../ui/cli/flags.ts'
import { redrawing } from '../ui/cli/redraw.ts'
import { renderStats } from '../ui/cli/views/stats.ts'

export default class Stats extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Show what the containers use: processor, memory, network, disk'
  static override description = 'A reading takes the engine one to two seconds. 100% CPU is one core.'
  static override examples = ['ddalab stats', 'ddalab stats api --follow']
  static override args = serviceArguments
  static override flags = { ...instanceFlags, ...engineFlags, ...eventsFlag, ...followFlag }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Stats)
    const [world, target] = this.place(flags)
    if (flags.follow) this.shell.interrupt.beginFollowing()
    const signal = AbortSignal.any([world.signal, this.shell.stdout.closed])
    let last: readonly ServiceStats[] = []
    const view = redrawing<{ readonly readings: readonly ServiceStats[] }>(({ readings }, style) =>
      renderStats(readings, style),
    )
    for await (const readings of watchStats({ ...world, signal }, target, args.service ?? [])) {
      last = readings
      if (!flags.follow) break
      await this.shell.stream('stats', { readings }, view)
    }
    const exit = this.shell.signal.aborted ? EXIT.interrupted : EXIT.ok
    return this.shell.answer(
      { readings: last },
      (data, style) => (flags.follow ? '' : renderStats(data.readings, style)),
      exit,
    )
  }
}
