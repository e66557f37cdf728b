import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { InstancePaths } from '../instance/index.ts'
import type { LeaseStore } from '../kernel/index.ts'
import { createLeaseStore } from '../state/index.ts'
import type { World } from './world.ts'

/** The lease of an instance: one change at a time (rule 42). */
export function leaseStore({ environment, sink, now }: World, { directory, name }: InstancePaths): LeaseStore {
  return createLeaseStore({
    directory: join(directory, 'lease'),
    subject: `instance ${name}`,
    get owner() {
      return environment.user
    },
    pid: process.pid,
    sink,
    now,
    newToken: () => randomUUID(),
  })
}
