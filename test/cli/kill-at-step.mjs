/**
 * Loaded before a program (NODE_OPTIONS=--import): kills it with SIGKILL before the KILL_AT_STEP-th step that it takes on
 * the disk. A file that is being written is half written then.
 */
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { kill, pid } from 'node:process'

let left = Number(process.env.KILL_AT_STEP)
async function step() {
  left -= 1
  if (left !== 0) return
  kill(pid, 'SIGKILL')
  await new Promise(() => {})
}

const before =
  (work) =>
  async (...args) => {
    await step()
    return work(...args)
  }
const { open, ...rest } = promises
for (const name of ['rename', 'rm', 'mkdir', 'link', 'writeFile', 'truncate', 'utimes'])
  promises[name] = before(rest[name])
promises.open = async (path, flags = 'r', mode) => {
  if (flags === 'r') return open(path, flags, mode)
  await step()
  const file = await open(path, flags, mode)
  const write = file.writeFile.bind(file)
  file.writeFile = async (content) => {
    const bytes = Buffer.from(content)
    const half = Math.floor(bytes.length / 2)
    await write(bytes.subarray(0, half))
    await step()
    await write(bytes.subarray(half))
  }
  return file
}
syncBuiltinESMExports()
