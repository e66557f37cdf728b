import { join } from 'node:path'
import { currentEnvironment } from './core/environment.ts'
import type { CommandClass } from './ui/cli/base-command.ts'
import { readManifest, readPackage } from './ui/cli/manifest.ts'
import { readPreferences } from './ui/cli/preferences.ts'
import { resolveCommand } from './ui/cli/resolve-command.ts'
import { createShell } from './ui/cli/shell.ts'

/** The package: `dist/main.js` and `src/main.ts` lie one folder below it. */
const ROOT = join(import.meta.dirname, '..')

async function loadCommand(id: string): Promise<CommandClass> {
  const module = await import(new URL(`./commands/${id.replaceAll(':', '/')}.js`, import.meta.url).href)
  module.default.id = id
  return module.default
}

/** Runs the words of a command line. The exit code is that of the contract, whatever happens. */
async function main(argv: readonly string[]): Promise<number> {
  const shell = createShell(readPreferences(argv), {
    environment: currentEnvironment(),
    variables: process.env,
    signals: process,
    stdin: () => process.stdin,
    stdout: () => process.stdout,
    stderr: () => process.stderr,
    exit: (code) => process.exit(code),
    now: () => new Date(),
  })
  try {
    const { id, argv: rest } = resolveCommand(argv, readManifest(ROOT))
    const [{ loadOclifConfig }, Command] = await Promise.all([import('./ui/cli/oclif-config.ts'), loadCommand(id)])
    const command = new Command(rest, await loadOclifConfig(ROOT, readPackage(ROOT)), shell)
    return await command.run()
  } catch (thrown) {
    return shell.fail(thrown)
  } finally {
    await shell.close()
  }
}

const code = await main(process.argv.slice(2))
process.exit(code)
