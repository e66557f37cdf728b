import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { bundleProgram } from './bundle.ts'
import { commandGroups } from './command-groups.ts'
import { licensesOf } from './licenses.ts'
import { writeManifest } from './manifest.ts'
import { nodeChunk } from './node-chunks.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

const groups = commandGroups(await writeManifest(root))
const { files, metafile } = await bundleProgram({ root, entry: 'src/main.ts', groups })
for (const { path, text } of files) {
  // Names stay as they are, for the stacks of --debug.
  const { code } = await transform(nodeChunk(text), { minifyWhitespace: true, minifySyntax: true, target: 'node24' })
  mkdirSync(dirname(join(dist, path)), { recursive: true })
  writeFileSync(join(dist, path), code)
}
writeFileSync(join(dist, 'licenses.json'), JSON.stringify(licensesOf(root, metafile)))

// Files of earlier builds go last, so that a program that runs meanwhile still finds its chunks.
const built = new Set(files.map(({ path }) => join(dist, path)))
for (const file of globSync(['*.js', '{chunks,commands}/**/*.js'], { cwd: dist })) {
  const path = join(dist, file)
  if (!built.has(path)) rmSync(path)
}
