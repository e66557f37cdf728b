import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { writeProgram } from './stock-node.ts'
import { factsOf, type Target } from './targets.ts'

const run = promisify(execFile)

export interface SeaInput {
  readonly target: Target
  /** Of Node: that which runs the build, too, for the form of the blob is its own. */
  readonly version: string
  readonly node: Buffer
  /** What Node runs: a script of CommonJS. */
  readonly main: string
  readonly asset: Buffer
  readonly outFile: string
}

/**
 * Puts a script and its asset into a stock Node, by pkg. It runs in a process of its own with a home of its own: pkg looks for
 * Node below the home directory, and finds there what it is given, so it asks nobody on the network.
 */
export async function makeSea({ target, version, node, main, asset, outFile }: SeaInput): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'ddalab-sea-'))
  try {
    await seedCache(place, target, version, node)
    const [mainFile, assetFile, output] = [join(place, 'main.js'), join(place, 'asset'), join(place, basename(outFile))]
    await Promise.all([writeFile(mainFile, main), writeFile(assetFile, asset)])
    const script = join(import.meta.dirname, 'run-pkg.ts')
    const env = { ...process.env, HOME: place, USERPROFILE: place, TMPDIR: place, TMP: place, TEMP: place }
    await run(process.execPath, [script, target, version, mainFile, assetFile, output], { env })
    await forgetPlace(output, mainFile)
    await mkdir(dirname(outFile), { recursive: true })
    // Beside it and then in its place: the former one may be running.
    await copyFile(output, `${outFile}.new`)
    await rename(`${outFile}.new`, outFile)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** The path of the script gets into the program, and is another one each time: the same sources are to give the same program. */
async function forgetPlace(program: string, mainFile: string): Promise<void> {
  const bytes = await readFile(program)
  const at = bytes.indexOf(mainFile)
  if (at === -1) throw new Error('The path of the script is not where Node has put it so far')
  bytes.write('ddalab'.padEnd(mainFile.length, '-'), at)
  await writeFile(program, bytes)
}

/** An archive and a program with marks that say "checked" and "extracted": pkg then looks at neither. */
async function seedCache(home: string, target: Target, version: string, node: Buffer): Promise<void> {
  const { platform, arch } = factsOf(target)
  const cache = join(home, '.pkg-cache', 'sea')
  const name = `node-v${version}-${platform === 'macos' ? 'darwin' : platform}-${arch}`
  const archive = join(cache, `${name}${platform === 'win' ? '.zip' : '.tar.gz'}`)
  const program = platform === 'win' ? join(cache, `${name}.exe`) : join(cache, name, 'bin', 'node')
  await mkdir(dirname(program), { recursive: true })
  await writeProgram(program, node)
  for (const mark of [archive, `${archive}.ok`, `${program}.ok`]) await writeFile(mark, '')
}
