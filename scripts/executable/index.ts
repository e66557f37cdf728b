import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { groupsOf, type Manifest } from '../../src/ui/cli/manifest.ts'
import { commandGroups } from '../command-groups.ts'
import { licensesOf, nodeLicense } from '../licenses.ts'
import { manifestText } from '../manifest.ts'
import { programChunks } from './chunks.ts'
import { type Contents, packContents } from './contents.ts'
import { nodeOptions } from './node-options.ts'
import { runtimeScript } from './runtime-script.ts'
import { makeSea } from './sea.ts'
import { lockedVersion, stockNode } from './stock-node.ts'
import { factsOf, hostTarget, type Target } from './targets.ts'
import { trained } from './training/train.ts'

export { hostTarget, isTarget, type Target, targets } from './targets.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export interface ExecutableOptions {
  readonly target: Target
  /** What the program calls its version. */
  readonly version: string
  readonly outFile: string
}

export interface Executable {
  readonly file: string
  /** In hex. */
  readonly sha256: string
  readonly bytes: number
}

/**
 * Makes one file that holds the program, its templates, its licences and Node itself, for a target. Needs the Node that goes
 * into it. Rejects where a patch of a dependency no longer applies, or where a licence is missing or unwanted.
 */
export async function buildExecutable({ target, version, outFile }: ExecutableOptions): Promise<Executable> {
  const node = await lockedVersion(ROOT, target)
  if (node !== process.versions.node)
    throw new Error(`Node ${node} goes into the executable, and this is ${process.versions.node}. Run: npm install`)
  const manifest: Manifest = JSON.parse(await manifestText(ROOT))
  const { texts, metafile } = await programChunks(ROOT, commandGroups(manifest))
  const chunks = new Map([...texts].map(([path, text]) => [path, { text }]))
  const contents: Contents = { chunks, files: await files(version, manifest, metafile) }
  await makeSea({
    target,
    version: node,
    node: await stockNode(ROOT, target),
    main: await runtimeScript(join(import.meta.dirname, 'sea-main.ts')),
    asset: packContents(
      target === hostTarget() ? await trained(ROOT, contents, [process.execPath, ...nodeOptions]) : contents,
    ),
    outFile,
  })
  const made = await readFile(outFile)
  return { file: outFile, sha256: createHash('sha256').update(made).digest('hex'), bytes: made.length }
}

async function files(version: string, manifest: Manifest, metafile: Metafile): Promise<ReadonlyMap<string, string>> {
  const host = hostTarget()
  if (host === undefined) throw new Error(`Executables are not made on ${process.platform}-${process.arch}`)
  const licenses = [...licensesOf(ROOT, metafile), nodeLicense(join(ROOT, 'node_modules', factsOf(host).package))]
  const { name, description, oclif } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const templates = globSync('templates/**/*.yml', { cwd: ROOT }).toSorted()
  const texts = await Promise.all(
    templates.map(async (path) => [path.replaceAll('\\', '/'), await readFile(join(ROOT, path), 'utf8')] as const),
  )
  return new Map([
    ['oclif.manifest.json', JSON.stringify({ ...manifest, version })],
    ['groups.json', JSON.stringify(groupsOf(manifest))],
    ['package.json', JSON.stringify({ name, version, description, oclif })],
    ['licenses.json', JSON.stringify(licenses)],
    ...texts,
  ])
}
