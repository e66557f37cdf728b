import { join } from 'node:path'
import type { CommandClass } from './ui/cli/base-command.ts'
import { readManifest, readPackage } from './ui/cli/manifest.ts'
import { processShell } from './ui/cli/process-shell.ts'
import { resolveCommand } from './ui/cli/resolve-command.ts'

/** The package: `dist/main.js` lies one folder below it. */
const ROOT = join(import.meta.dirname, '..')

/** The commands of a group are one bundle, see `scripts/command-groups.ts`. */
async function loadCommand(id: string, group = 'more'): Promise<CommandClass> {
  const module = await import(new URL(`./commands/${group}.js`, import.meta.url).href)
  const command = module[id]
  command.id = id
  return command
}

/** Runs the words of a command line. The exit code is that of the contract, whatever happens. */
async function main(argv: readonly string[]): Promise<number> {
  const shell = processShell(argv)
  try {
    const manifest = readManifest(ROOT)
    const { id, argv: rest } = resolveCommand(argv, manifest)
    const [{ loadOclifConfig }, Command] = await Promise.all([
      import('./ui/cli/oclif-config.ts'),
      loadCommand(id, manifest.commands[id]?.group),
    ])
    const command = new Command(rest, await loadOclifConfig(ROOT, readPackage(ROOT)), shell)
    return await command.carryOut()
  } catch (thrown) {
    return shell.fail(thrown)
  } finally {
    await shell.close()
  }
}

// Open sockets and timers of an engine client must not keep a finished program alive.
process.exit(await main(process.argv.slice(2)))
