import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { stripElf } from './strip-elf.ts'
import { factsOf, nodeIn, type Target } from './targets.ts'

const run = promisify(execFile)

/**
 * The stock Node of a target, ready to take a program: that of `node_modules` where npm has installed it, else its package as
 * npm fetches it (once: it stays in npm's cache), checked against `package-lock.json`. Without its debugging symbols on Linux.
 */
export async function stockNode(root: string, target: Target): Promise<Buffer> {
  const node = (await installedNode(root, target)) ?? (await fetchedNode(root, target))
  return factsOf(target).platform === 'linux' ? stripElf(node) : node
}

async function installedNode(root: string, target: Target): Promise<Buffer | undefined> {
  const folder = join(root, 'node_modules', factsOf(target).package)
  try {
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return version === (await lockedNode(root, target)).version
      ? await readFile(join(folder, nodeIn(target)))
      : undefined
  } catch {
    return undefined
  }
}

async function fetchedNode(root: string, target: Target): Promise<Buffer> {
  const { version, integrity } = await lockedNode(root, target)
  const name = factsOf(target).package
  const cache = join(root, 'node_modules', '.cache', 'executable')
  const kept = join(cache, `${name}-${version}.tgz`)
  const archive = await readFile(kept).catch(() => pack(`${name}@${version}`, cache, kept))
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`
  if (found !== integrity) {
    await rm(kept, { force: true })
    throw new Error(`${name}@${version} is not the package of package-lock.json: it has ${found}, not ${integrity}`)
  }
  return fileIn(archive, `package/${nodeIn(target)}`)
}

async function pack(spec: string, cache: string, kept: string): Promise<Buffer> {
  await mkdir(cache, { recursive: true })
  const place = await mkdtemp(join(cache, 'fetch-'))
  try {
    const words = ['pack', spec, '--prefer-offline', '--json', '--pack-destination', place]
    const { stdout } = await run('npm', words, { shell: process.platform === 'win32', maxBuffer: 1e8 })
    const [{ filename }] = JSON.parse(stdout)
    await rename(join(place, filename), kept)
    return await readFile(kept)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

async function fileIn(archive: Buffer, path: string): Promise<Buffer> {
  const entries = extract()
  const gunzip = createGunzip()
  gunzip.pipe(entries)
  gunzip.end(archive)
  for await (const entry of entries) {
    if (entry.header.name === path) return await buffer(entry)
    entry.resume()
  }
  throw new Error(`the package of Node lacks ${path}`)
}

/** The version of Node in all executables. */
export async function lockedVersion(root: string, target: Target): Promise<string> {
  return (await lockedNode(root, target)).version
}

async function lockedNode(root: string, target: Target): Promise<{ version: string; integrity: string }> {
  const name = factsOf(target).package
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const found = packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`package-lock.json lacks ${name}. Run: npm install`)
  return found
}

/** Writes it as a program that can be run. */
export async function writeProgram(path: string, program: Buffer): Promise<void> {
  await writeFile(path, program)
  await chmod(path, 0o755)
}
