import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { systemCode } from '../errors.ts'
import type { ProcessPlace, ProcessSighting } from '../kernel/index.ts'

/** How a lease finds out where it is and who else is there. */
export interface ProcessTable {
  place(): Promise<ProcessPlace>
  look(pid: number): Promise<ProcessSighting>
}

/** The table of the system that we run on. Only Linux tells more than whether a process is there. */
export const systemProcesses: ProcessTable = {
  place: async () => {
    const [machine, boot, pidNamespace] = await Promise.all([
      readTrimmed('/etc/machine-id'),
      readTrimmed('/proc/sys/kernel/random/boot_id'),
      readlink('/proc/self/ns/pid').catch(() => undefined),
    ])
    return {
      host: hostname(),
      ...(machine !== undefined && { machine }),
      ...(boot !== undefined && { boot }),
      ...(pidNamespace !== undefined && { pidNamespace }),
    }
  },
  look: async (pid) => {
    const processStart = await startOf(pid)
    return { alive: isAlive(pid), ...(processStart !== undefined && { processStart }) }
  },
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // EPERM: it is there and belongs to someone else.
    return systemCode(thrown) === 'EPERM'
  }
}

/** Field 22 of /proc/PID/stat, clock ticks since boot. The second field, the name, may hold anything, also spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readTrimmed(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
}

async function readTrimmed(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch {
    return undefined
  }
}
