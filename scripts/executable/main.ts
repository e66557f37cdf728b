import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildExecutable, hostTarget, isTarget, targets } from './index.ts'

/** `npm run executable [-- --target linux-x64] [--out FILE] [--version 1.2.3]`: by default for this machine, into `dist/executable`. */
const root = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({
  options: { target: { type: 'string' }, out: { type: 'string' }, version: { type: 'string' } },
})
const target = values.target ?? hostTarget() ?? ''
if (!isTarget(target)) {
  console.error(`There is no target "${target}"; there are: ${targets.join(', ')}`)
  process.exit(2)
}
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const name = target.startsWith('win') ? 'ddalab.exe' : 'ddalab'
const made = await buildExecutable({
  target,
  version: values.version ?? version,
  outFile: values.out ?? join(root, 'dist', 'executable', target, name),
})
console.log(`${made.file}  ${(made.bytes / 1e6).toFixed(1)} MB  sha256 ${made.sha256}`)
