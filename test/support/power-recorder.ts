/**
 * Runs inside a program whose power is to be cut, before anything else of it (`--import`). Until a file or a directory is
 * synced, what was written into it is only in memory: this keeps book of what the disk has for certain, and ends the program
 * before the CUT-th sync. Then, and at the end, `state.json` says what was on the disk.
 *
 * `POWER_ROOT`: the directory that is looked at; `POWER_STATE`: where the book goes; `POWER_CUT`: 0 for never.
 */
import fs, { fstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disk, Entry } from './power-cut.ts'

const { POWER_ROOT: root = '', POWER_STATE: book = '', POWER_CUT: cut = '0' } = process.env

/** An inode may be used again: its birth tells one file from the next. */
function identify(path: string) {
  const { ino, birthtimeNs, mode } = statSync(path, { bigint: true })
  return { id: `${ino}-${birthtimeNs}`, mode: Number(mode & 0o7777n) }
}

/** What is there, as programs see it. */
function look(directory: string, disk: Disk): void {
  const entries: { [name: string]: Entry } = {}
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    const { id, mode } = identify(path)
    if (entry.isDirectory()) look(path, disk)
    else disk.files[id] = readFileSync(path).toString('base64')
    entries[entry.name] = { id, mode, isDirectory: entry.isDirectory() }
  }
  disk.directories[identify(directory).id] = entries
}

function now(): Disk {
  const disk: Disk = { root: identify(root).id, files: {}, directories: {} }
  try {
    look(root, disk)
    return disk
  } catch (error) {
    // A thread of the program has renamed or removed it since its name was read.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return now()
    throw error
  }
}

const durable = now()
let syncs = 0

function save(): void {
  writeFileSync(book, JSON.stringify({ syncs, durable, seen: now() }))
}

function begin(): void {
  syncs += 1
  if (syncs !== Number(cut)) return
  save()
  process.kill(process.pid, 'SIGKILL')
}

function end(fd: number): void {
  const { ino, birthtimeNs } = fstatSync(fd, { bigint: true })
  const id = `${ino}-${birthtimeNs}`
  const { files, directories } = now()
  const [content, entries] = [files[id], directories[id]]
  if (content !== undefined) durable.files[id] = content
  if (entries !== undefined) durable.directories[id] = entries
}

const handle = await open(root)
const prototype: Pick<FileHandle, 'sync' | 'datasync'> = Object.getPrototypeOf(handle)
await handle.close()
for (const name of ['sync', 'datasync'] as const) {
  const real = prototype[name]
  prototype[name] = async function (this: FileHandle): Promise<void> {
    begin()
    await real.call(this)
    end(this.fd)
  }
}
/** Streams that flush at their end. */
const { fsync } = fs
Object.assign(fs, {
  fsync(fd: number, done: (error: NodeJS.ErrnoException | null) => void) {
    begin()
    fsync(fd, (error) => {
      end(fd)
      done(error)
    })
  },
})
process.on('exit', save)
