import type { ConfigDesk } from './desk.ts'

/** A desk that is made when it is first asked for something: what reads and judges configs takes its time to load. */
export function deskOnUse(make: () => Promise<ConfigDesk>): ConfigDesk {
  let made: Promise<ConfigDesk> | undefined
  const desk = () => {
    made ??= make()
    return made
  }
  return {
    stamp: async () => (await desk()).stamp(),
    read: async () => (await desk()).read(),
    judge: async (edits) => (await desk()).judge(edits),
    reveal: async (path) => (await desk()).reveal(path),
    generate: async (kind) => (await desk()).generate(kind),
    difference: async (wish) => (await desk()).difference(wish),
    save: async (wish, reason, hash) => (await desk()).save(wish, reason, hash),
    history: async () => (await desk()).history(),
    compare: async (entry) => (await desk()).compare(entry),
    edit: async (editing) => (await desk()).edit(editing),
    openEditor: async (file) => (await desk()).openEditor(file),
  }
}
