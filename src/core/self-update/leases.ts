import { randomUUID } from 'node:crypto'
import { leaseStore } from '../actions/lease.ts'
import type { World } from '../actions/world.ts'
import { namesIn } from '../files.ts'
import { type InstancePaths, instancePaths, instancesDirectory, isInstanceName } from '../instance/index.ts'
import type { Lease } from '../kernel/index.ts'
import { createLeaseStore } from '../state/index.ts'
import type { SwapPaths } from './swap.ts'

/** Holds the lease of the program: one self update at a time. Errors: LOCKED, those of `work`. */
export async function holdingProgram<T>(world: World, paths: SwapPaths, work: () => Promise<T>): Promise<T> {
  const { environment, sink, now, command } = world
  const store = createLeaseStore({
    directory: paths.lease,
    subject: `the program ${paths.program}`,
    owner: environment.user,
    pid: process.pid,
    sink,
    now,
    newToken: randomUUID,
  })
  const lease = await store.acquire({ command })
  try {
    return await work()
  } finally {
    await lease.release()
  }
}

/** Holds the leases of all instances, so that no run has the program replaced under it. Errors: LOCKED, those of `work`. */
export async function holdingInstances<T>(world: World, work: () => Promise<T>): Promise<T> {
  const held: Lease[] = []
  try {
    for (const paths of await instancesWithRuns(world)) {
      held.push(await leaseStore(world, paths).acquire({ command: world.command }))
    }
    return await work()
  } finally {
    for (const lease of held) await lease.release()
  }
}

/** Those that something ran on; also without a config of their own (`-f`). */
async function instancesWithRuns({ environment: { configHome } }: World): Promise<readonly InstancePaths[]> {
  const names = await namesIn(instancesDirectory(configHome))
  const all = names.filter(isInstanceName).map((name) => instancePaths(configHome, name))
  const leased = await Promise.all(all.map(async ({ directory }) => (await namesIn(directory)).includes('lease')))
  return all.filter((_, index) => leased[index])
}
