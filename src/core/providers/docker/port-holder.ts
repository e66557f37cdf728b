import { readdir, readFile, readlink } from 'node:fs/promises'

/** State `0A` of /proc/net/tcp: LISTEN. */
const LISTEN = '0A'

/**
 * The process that listens on a TCP port, in words: `nginx (pid 812)`. From /proc, so Linux only; undefined elsewhere, or
 * where the process belongs to another user and we may not look.
 */
export async function listeningProcess(port: number): Promise<string | undefined> {
  const inodes = new Set((await Promise.all(['tcp', 'tcp6'].map((table) => listeners(table, port)))).flat())
  if (inodes.size === 0) return undefined
  for (const pid of await processIds()) {
    if (await holdsSocket(pid, inodes)) return `${await commandName(pid)} (pid ${pid})`
  }
  return undefined
}

/** Inodes of the sockets that listen on the port. */
async function listeners(table: string, port: number): Promise<string[]> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = (await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === LISTEN && local?.endsWith(`:${wanted}`) && inode !== undefined ? [inode] : []
  })
}

async function processIds(): Promise<string[]> {
  return (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
  return targets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''))
}

async function commandName(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim()
}
