import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Script } from 'node:vm'
import { readContents } from '../contents.ts'
import { createLoader } from '../loader.ts'

/**
 * Runs the program for `train.ts` as the executable would, and keeps the code that V8 has made of each chunk by the time the
 * program ends: ASSET CACHES terminal|pipe WORD... Code that earlier runs have kept is taken and kept on.
 */
const [asset = '', caches = '', surroundings = '', ...words] = process.argv.slice(2)
const contents = readContents(readFileSync(asset))
const scripts = new Map<string, Script>()

function keptCode(path: string): Uint8Array | undefined {
  try {
    return readFileSync(join(caches, path))
  } catch {
    return undefined
  }
}

if (surroundings === 'terminal') {
  // No terminal is needed at build time: the program takes what it has for one.
  Object.assign(process.stdin, { isTTY: true, setRawMode: () => process.stdin })
  Object.assign(process.stderr, { isTTY: true, columns: 120, rows: 40 })
}
// Code that is made under other flags than those of the start is refused in every later run.
Object.assign(process.getBuiltinModule('node:v8'), { setFlagsFromString: () => undefined })
process.argv = [process.execPath, process.execPath, ...words]
process.on('exit', () => {
  for (const [path, script] of scripts) {
    const file = join(caches, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, script.createCachedData())
  }
})

const load = createLoader(
  (path) => {
    const chunk = contents.chunk(path)
    return chunk && { text: chunk.text, cache: keptCode(path) }
  },
  (path, script) => {
    if (script.cachedDataRejected === true) throw new Error(`V8 does not take the code that it made of ${path}`)
    scripts.set(path, script)
  },
)
load('executable.js').start({ paths: contents.paths, read: contents.file, load })
