import * as Flags from '@oclif/core/flags'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { renderProblems } from '../ui/cli/errors.ts'
import { engineFlags, instanceFlags } from '../ui/cli/flags.ts'
import type { Style } from '../ui/cli/style.ts'
import type { PlaceFlags } from '../ui/cli/world.ts'
import type { Ending } from '../ui/tui/ending.ts'
import type { TuiOptions } from '../ui/tui/index.ts'

/** How the dashboard is shown, and what may be done there. */
interface How extends Pick<TuiOptions, 'preferences' | 'isReadOut' | 'style'> {
  readonly isReadOnly: boolean
}

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
    'screen-reader': Flags.boolean({ description: 'Tell changes as lines, without drawing (INK_SCREEN_READER)' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Tui)
    const [{ environment }] = this.place(flags)
    const style = this.shell.screen(false)
    if (style === undefined) {
      throw new DdalabError('USAGE', 'The dashboard needs a terminal, and this is none.', {
        hint: 'To see what runs without one: ddalab status',
        nextSteps: ['ddalab status', 'ddalab status --json'],
      })
    }
    this.shell.interrupt.beginFollowing()
    const how = {
      ...(await this.preferred(environment.configHome, style, flags['screen-reader'])),
      isReadOnly: flags['read-only'],
    }
    let place: PlaceFlags = flags
    for (;;) {
      const ending = await this.show(place, how)
      if (ending.kind === 'quit') return this.told(ending)
      // A config file that was named is that of the instance one comes from.
      place = { ...flags, instance: ending.instance, file: undefined }
    }
  }

  /** The preferences of the person; what is wrong with them stays in sight below the dashboard. */
  private async preferred(home: string, style: Style, isReadOut: boolean): Promise<Omit<How, 'isReadOnly'>> {
    const { variables } = this.shell
    const { readPreferences, terminalFacts, themed } = await import('../ui/tui/index.ts')
    const preferences = await readPreferences(home)
    for (const problem of renderProblems(preferences.problems, style)) this.shell.warn(problem.trim())
    const { theme, screenReader } = preferences.preferences
    const drawn = themed(style, theme, terminalFacts(variables))
    const isTold = isReadOut || screenReader || variables.INK_SCREEN_READER === 'true'
    return {
      preferences,
      isReadOut: isTold,
      style: isTold ? { ...style, colour: false, unicode: false, isLinear: true } : drawn,
    }
  }

  /** The dashboard on one instance, until it is left. */
  private async show(flags: PlaceFlags, { isReadOnly, ...how }: How): Promise<Ending> {
    const [world, target] = this.place(flags)
    const {
      commandLine,
      commandWords,
      deskOnUse,
      liveChanger,
      liveLogs,
      liveMenu,
      livePast,
      livePoints,
      liveSource,
      outsideRunner,
      paletteEntries,
      runTui,
    } = await import('../ui/tui/index.ts')
    const manifest = this.installation.manifest()
    const { configHome } = this.shell.environment
    const line = (words: string) => commandLine(words, manifest, flags, configHome)
    const { stdin, stderr: screen } = process
    return runTui({
      around: {
        instance: target.instance,
        isReadOnly,
        entries: paletteEntries(manifest),
        commandLine: line,
      },
      source: liveSource(world, target),
      logs: liveLogs(world, target),
      points: livePoints(world, target),
      past: livePast(world, target),
      menu: liveMenu(world, target),
      changer: liveChanger(world, target, line),
      desk: deskOnUse(async () => {
        const { liveDesk } = await import('../ui/tui/config/live-desk.ts')
        return liveDesk(world, target, (work) => this.shell.interrupt.lend(work))
      }),
      outside: outsideRunner({
        self: this.installation.self,
        commandWords: (words) => commandWords(words, manifest, flags, configHome),
        ...{ stdin, screen, signal: world.signal },
        lend: (work) => this.shell.interrupt.lend(work),
      }),
      ...{ ...how, stdin, screen },
      now: this.shell.now,
      signal: world.signal,
    })
  }

  /** What came of a change whose end was waited for: the screen that told it is gone. */
  private told(ending: Ending): number {
    const { leaving, change } = ending.kind === 'quit' ? ending : {}
    if (change === undefined) return EXIT.ok
    if (change.kind === 'failed') {
      const { code, message, ...error } = change.error
      if (leaving === 'done' || code !== 'INTERRUPTED') throw new DdalabError(code, message, error)
      this.shell.note('What was begun has been undone.')
    } else {
      for (const warning of change.warnings) this.shell.warn(warning)
      for (const text of ['Done.', ...change.notes]) this.shell.note(text)
    }
    return EXIT.ok
  }
}
