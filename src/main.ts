import { join } from 'node:path'
import { runProgram } from './program.ts'
import { packageInstallation } from './ui/cli/installation.ts'

/** The entry of the package: `dist/main.js` lies one folder below it. */
const installation = packageInstallation(
  join(import.meta.dirname, '..'),
  (group) => import(new URL(`./commands/${group}.js`, import.meta.url).href),
)
void runProgram(installation, process.argv.slice(2))
