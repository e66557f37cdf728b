import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, transform } from 'esbuild'
import { commandGroups, groupEntries } from './command-groups.ts'
import { dependencyPatches, noNativeAddOns } from './dependency-patches.ts'
import { writeManifest } from './manifest.ts'
import { nodeChunk } from './node-chunks.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

const groups = commandGroups(await writeManifest(root))
const { outputFiles } = await build({
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
})

/** The same sources and dependencies give the same build, and nothing else does. */
function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root }).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

for (const { path, text } of outputFiles) {
  // Names stay as they are, for the stacks of --debug.
  const { code } = await transform(nodeChunk(text), { minifyWhitespace: true, minifySyntax: true, target: 'node24' })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code)
}

// Files of earlier builds go last, so that a program that runs meanwhile still finds its chunks.
const built = new Set(outputFiles.map(({ path }) => path))
for (const file of globSync('**/*.js', { cwd: dist })) {
  const path = join(dist, file)
  if (!built.has(path)) rmSync(path)
}
