import { createHash } from 'node:crypto'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { dependencyPatches, noNativeAddOns } from './dependency-patches.ts'
import { writeManifest } from './manifest.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** CommonJS dependencies that were bundled still call `require` for Node's own modules and know `__dirname`. */
const COMMONJS = `import { createRequire as ddalabCreateRequire } from 'node:module'
import { fileURLToPath as ddalabFileURLToPath } from 'node:url'
import { dirname as ddalabDirname } from 'node:path'
const require = ddalabCreateRequire(import.meta.url)
const __filename = ddalabFileURLToPath(import.meta.url)
const __dirname = ddalabDirname(__filename)`

await writeManifest(root)
const { metafile } = await build({
  entryPoints: ['src/main.ts', ...globSync('src/commands/**/*.ts', { cwd: root })],
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
  banner: { js: COMMONJS },
  define: { 'process.env.NODE_ENV': '"production"', DDALAB_BUILD: JSON.stringify(sourceHash()) },
  plugins: [noNativeAddOns(), dependencyPatches()],
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
})

/** The same sources and dependencies give the same build, and nothing else does. */
function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root }).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

// Files of earlier builds go last, so that a program that runs meanwhile still finds its chunks.
const built = new Set(Object.keys(metafile.outputs).map((file) => resolve(root, file)))
for (const file of globSync('**/*.js', { cwd: dist })) {
  const path = join(dist, file)
  if (!built.has(path)) rmSync(path)
}
