import type { CommandClass } from './ui/cli/base-command.ts'
import type { Installation } from './ui/cli/installation.ts'
import { processShell } from './ui/cli/process-shell.ts'
import { resolveCommand } from './ui/cli/resolve-command.ts'

/**
 * Runs the words of a command line and ends the process. The exit code is that of the contract, whatever happens.
 * Open sockets and timers of an engine client must not keep a finished program alive.
 */
export async function runProgram(installation: Installation, argv: readonly string[]): Promise<never> {
  process.exit(await exitCodeOf(installation, argv))
}

async function exitCodeOf(installation: Installation, argv: readonly string[]): Promise<number> {
  const shell = processShell(argv)
  try {
    const groups = installation.groups()
    const { id, argv: rest } = resolveCommand(argv, groups, () => installation.manifest())
    const [{ ProgramConfig }, Command] = await Promise.all([
      import('./ui/cli/oclif-config.ts'),
      loadCommand(installation, id, groups[id]),
    ])
    const command = new Command(rest, new ProgramConfig(installation.root, installation.facts()), shell, installation)
    return await command.carryOut()
  } catch (thrown) {
    return shell.fail(thrown)
  } finally {
    await shell.close()
  }
}

async function loadCommand(installation: Installation, id: string, group = 'more'): Promise<CommandClass> {
  const { [id]: Command } = await installation.commands(group)
  if (Command === undefined) throw new Error(`the bundle ${group} lacks the command ${id}`)
  Command.id = id
  return Command
}
