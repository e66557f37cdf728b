import { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import type { ArgInput, FlagInput, Input, OutputArgs, OutputFlags, ParserOutput } from '@oclif/core/interfaces'
import type { Target, World } from '../../core/actions/world.ts'
import { DdalabError } from '../../core/errors.ts'
import { globalFlags } from './flags.ts'
import type { Group } from './help-view.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'
import { toUsageError } from './usage-error.ts'
import { type PlaceFlags, quote, sameInstance, targetOf, worldOf } from './world.ts'

/** How `program.ts` makes a command. */
export interface CommandClass {
  id: string
  new (argv: string[], config: Config, shell: Shell, installation: Installation): BaseCommand
}

/**
 * A command: flags -> one call into core -> one answer. `run` gives the exit code; what it throws is told by the shell.
 * `program.ts` calls it directly: oclif's own way prints JSON and errors in a form that is not our contract.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags
  /** Where it stands in the help of the program. */
  static group: Group = 'more'

  protected readonly shell: Shell
  protected readonly installation: Installation
  private flags: PlaceFlags | undefined

  constructor(argv: string[], config: Config, shell: Shell, installation: Installation) {
    super(argv, config)
    this.shell = shell
    this.installation = installation
  }

  abstract override run(): Promise<number>

  /** Runs it. The next steps that an error names are then for the same instance. */
  async carryOut(): Promise<number> {
    try {
      return await this.run()
    } catch (thrown) {
      const { flags } = this
      if (flags === undefined || !(thrown instanceof DdalabError)) throw thrown
      const nextSteps = thrown.options.nextSteps?.map((step) => this.next(step.replace(/^ddalab /, ''), flags))
      if (nextSteps === undefined) throw thrown
      const { code, message, exit, options } = thrown
      throw new DdalabError(code, message, { ...options, nextSteps, exit, cause: thrown })
    }
  }

  /** What the actions need: their world, and which instance is meant. */
  protected place(flags: PlaceFlags): readonly [World, Target] {
    this.flags = flags
    return [worldOf(this.shell, this.installation, this.typed(), flags), targetOf(flags)]
  }

  /** The command to run next, on the same instance. */
  protected next(words: string, flags: PlaceFlags): string {
    return sameInstance(words, flags, this.shell.environment.configHome)
  }

  /** As typed, up to `--`: what follows is the command of somebody else and may hold secrets. */
  private typed(): string {
    const end = this.argv.indexOf('--')
    const words = end === -1 ? this.argv : this.argv.slice(0, end)
    return ['ddalab', ...(this.id ?? '').split(':'), ...words.map(quote)].join(' ')
  }

  /** Flags and arguments. What is wrong with them is a USAGE error; `--timeout` starts to count. */
  protected override async parse<
    F extends OutputFlags<FlagInput>,
    B extends OutputFlags<FlagInput>,
    A extends OutputArgs<ArgInput>,
  >(options?: Input<F, B, A>, argv?: string[]): Promise<ParserOutput<F, B, A>> {
    try {
      const parsed = await super.parse(options, argv)
      // A flag that is not given is false, as its type says; oclif leaves it undefined.
      for (const [name, flag] of Object.entries({ ...options?.baseFlags, ...options?.flags })) {
        if (flag.type === 'boolean' && parsed.flags[name] === undefined) Object.assign(parsed.flags, { [name]: false })
      }
      const { timeout } = parsed.flags
      if (typeof timeout === 'number') this.shell.interrupt.limit(timeout)
      return parsed
    } catch (thrown) {
      throw toUsageError(thrown, {
        command: (this.id ?? '').replaceAll(':', ' '),
        flags: Object.keys({ ...options?.baseFlags, ...options?.flags }),
      })
    }
  }
}
