/**
 * A process to be killed: edits a config by hand, changes it twice with its history, prunes.
 *
 *     history-child DIRECTORY STEP
 *
 * It kills itself before the STEP-th step that it takes on the disk; a file that is being written is then half written.
 * Exits 0 when it comes to its end. `states` gets a line for every content that the file had.
 */
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { argv, exit, kill, pid } from 'node:process'
import { historyStore, type Note } from '../../src/core/config/history/index.ts'
import { writeFileAtomic } from '../../src/core/files.ts'

const [, , directory = '', deadly = ''] = argv
const file = join(directory, 'config.yml')
const states = join(directory, 'states')

let steps = 0
async function step(): Promise<void> {
  steps += 1
  if (steps !== Number(deadly)) return
  kill(pid, 'SIGKILL')
  await new Promise(() => {})
}

const { open, rename, rm, mkdir } = promises
const before =
  <Arguments extends readonly unknown[], Result>(work: (...args: Arguments) => Promise<Result>) =>
  async (...args: Arguments): Promise<Result> => {
    await step()
    return work(...args)
  }
Object.assign(promises, {
  rename: before(rename),
  rm: before(rm),
  mkdir: before(mkdir),
  open: before(async (path: string, flags: string, mode?: number) => {
    const handle = await open(path, flags, mode)
    const write = handle.writeFile.bind(handle)
    const inHalves = async (content: Uint8Array) => {
      const half = Math.floor(content.length / 2)
      await write(content.slice(0, half))
      await step()
      await write(content.slice(half))
    }
    return Object.assign(handle, { writeFile: inHalves })
  }),
})
syncBuiltinESMExports()

const store = historyStore(join(directory, 'config-backups'))
const note: Note = { at: new Date(), by: 'ada@lab', command: 'test', reason: null, kind: 'change' }
const newText = (what: string) => `version: 3.0.0\n${what}: ${randomUUID()}\n`

async function change(): Promise<void> {
  const next = newText('change')
  const former = existsSync(file) ? readFileSync(file) : undefined
  await store.record({ ...note, former, next: Buffer.from(next) }, async () => {
    await writeFileAtomic(file, Buffer.from(next))
    appendFileSync(states, `${JSON.stringify(next)}\n`)
  })
}

await change()
const edited = newText('edited')
writeFileSync(file, edited)
appendFileSync(states, `${JSON.stringify(edited)}\n`)
await change()
await change()
await store.prune(new Set())
exit(0)
