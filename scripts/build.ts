import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build, transform } from 'esbuild'
import { commandGroups, groupEntries } from './command-groups.ts'
import { dependencyPatches, noNativeAddOns } from './dependency-patches.ts'
import { writeManifest } from './manifest.ts'
import { nodeChunk } from './node-chunks.ts'
import { packChunks } from './pack-chunks.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** What every command loads, and what the commands that are run all day load with an engine. */
const HOT = [
  ['src/main.ts', 'src/ui/cli/oclif-config.ts'],
  ['src/commands/deployment', 'src/core/providers/docker/client/docker-engine.ts'],
]

const groups = commandGroups(await writeManifest(root))
const { outputFiles, metafile } = await build({
  entryPoints: ['src/main.ts', ...groups.map(({ entry }) => entry)],
  absWorkingDir: root,
  outdir: dist,
  outbase: join(root, 'src'),
  entryNames: '[dir]/[name]',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  define: { 'process.env.NODE_ENV': '"production"', DDALAB_BUILD: JSON.stringify(sourceHash()) },
  plugins: [groupEntries(root, groups), noNativeAddOns(), dependencyPatches()],
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
  metafile: true,
})

/** The same sources and dependencies give the same build, and nothing else does. */
function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root }).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

const below = (path: string) => relative(dist, path).replaceAll('\\', '/')
const outputs = new Map(
  Object.entries(metafile.outputs).map(([path, output]) => [
    below(join(root, path)),
    { ...output, imports: output.imports.map((taken) => ({ ...taken, path: below(join(root, taken.path)) })) },
  ]),
)
/** The module that a source is the entry point of. */
const builtFrom = (source: string) => {
  const found = [...outputs].find(([, { entryPoint }]) => entryPoint?.endsWith(source))
  if (found === undefined) throw new Error(`${source} is no module of its own any more: nothing loads it on use`)
  return found[0]
}
const files = await packChunks(
  outputFiles.map(({ path, text }) => ({ path: below(path), text })),
  outputs,
  HOT.map((sources) => sources.map(builtFrom)),
)
for (const { path, text } of files) {
  // Names stay as they are, for the stacks of --debug.
  const { code } = await transform(nodeChunk(text), { minifyWhitespace: true, minifySyntax: true, target: 'node24' })
  mkdirSync(dirname(join(dist, path)), { recursive: true })
  writeFileSync(join(dist, path), code)
}

// Files of earlier builds go last, so that a program that runs meanwhile still finds its chunks.
const built = new Set(files.map(({ path }) => join(dist, path)))
for (const file of globSync('**/*.js', { cwd: dist })) {
  const path = join(dist, file)
  if (!built.has(path)) rmSync(path)
}
