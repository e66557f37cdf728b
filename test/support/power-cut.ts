import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Entry {
  readonly id: string
  readonly mode: number
  readonly isDirectory: boolean
}

/** Files and directories, by what identifies them; a directory that is not in it has no entries. */
export interface Disk {
  readonly root: string
  /** Content in base64. */
  readonly files: { [id: string]: string }
  readonly directories: { [id: string]: { readonly [name: string]: Entry } }
}

/** What the recorder has kept: how many syncs there were, what had to be on the disk by then, and what programs saw. */
export interface Recorded {
  readonly syncs: number
  readonly durable: Disk
  readonly seen: Disk
}

/** What makes the program record, for the environment of `startDdalab`. It ends before the sync of that number; 0: it does not. */
export function recording(root: string, state: string, cut: number): NodeJS.ProcessEnv {
  const recorder = join(import.meta.dirname, 'power-recorder.ts')
  return { NODE_OPTIONS: `--import=${recorder}`, POWER_ROOT: root, POWER_STATE: state, POWER_CUT: String(cut) }
}

export function recorded(state: string): Recorded {
  return JSON.parse(readFileSync(state, 'utf8'))
}

/** The power was off for a while. */
const BEFORE = Date.now() / 1000 - 3600

/**
 * Makes a directory what the disk has when the power comes back. Of what was not synced, `survives` decides name by name and
 * file by file whether it got there: a disk writes in whatever order it likes.
 */
export function restorePower(root: string, { durable, seen }: Recorded, survives: () => boolean): void {
  const fill = (path: string, id: string): void => {
    const [kept = {}, last = {}] = [durable.directories[id], seen.directories[id]]
    // Directories that stay are the same ones: containers have them mounted.
    for (const { name } of readdirSync(path, { withFileTypes: true })) {
      if (last[name]?.isDirectory !== true || kept[name]?.id !== last[name].id)
        rmSync(join(path, name), { recursive: true })
    }
    for (const name of new Set([...Object.keys(kept), ...Object.keys(last)])) {
      const [former, later] = [kept[name], last[name]]
      const entry = former?.id === later?.id || survives() ? later : former
      if (entry === undefined) continue
      const place = join(path, name)
      if (entry.isDirectory) {
        mkdirSync(place, { recursive: true })
        fill(place, entry.id)
      } else {
        const synced = durable.files[entry.id] ?? ''
        // A file that was removed is whole as long as its name is there.
        const written = seen.files[entry.id] ?? synced
        writeFileSync(place, Buffer.from(synced === written || survives() ? written : synced, 'base64'))
        utimesSync(place, BEFORE, BEFORE)
      }
      chmodSync(place, entry.mode)
    }
  }
  fill(root, durable.root)
}
