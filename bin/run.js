#!/usr/bin/env node
// Any Node parses this file: on a machine with an older one, the toolchain's Node runs the program. Newer ones have all of
// this loaded already, and an `import` of it would read every export, which loads streams and more.
const builtin = process.getBuiltinModule
const OLDEST = 24

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  await import('./toolchain.js')
} else {
  const { existsSync } = builtin('node:fs')
  const { join } = builtin('node:path')
  const root = join(import.meta.dirname, '..')
  const main = join(root, 'dist', 'main.js')
  if (!existsSync(main)) {
    process.stderr.write(`ddalab is not built yet. In ${root} run: npm run build\n`)
    process.exit(4)
  }
  builtin('node:module').enableCompileCache(join(cacheHome(join), 'ddalab', 'compile-cache'))
  await import(new URL('../dist/main.js', import.meta.url).href)
}

function cacheHome(join) {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  return (process.platform === 'win32' && LOCALAPPDATA) || join(builtin('node:os').homedir(), '.cache')
}
