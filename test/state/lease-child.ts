/**
 * A process that takes the lease in DIRECTORY, says so on stdout, and holds it until its stdin ends.
 *
 *     lease-child DIRECTORY COMMAND WAIT_MS
 *
 * Writes one JSON object a line: {"held": true} or {"locked": message}, and {"notice": message}.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { argv, exit, pid, stdin, stdout } from 'node:process'
import { toDdalabError } from '../../src/core/errors.ts'
import { createLeaseStore } from '../../src/core/state/index.ts'

const [, , directory = '', command = '', waitMs = '0'] = argv
const say = (data: object): boolean => stdout.write(`${JSON.stringify(data)}\n`)
const store = createLeaseStore({
  directory,
  subject: 'instance demo',
  owner: 'anna',
  pid,
  sink: { emit: (event) => event.type === 'notice' && say({ notice: event.message }) },
  now: () => new Date(),
  newToken: randomUUID,
})
try {
  const lease = await store.acquire({ command, waitMs: Number(waitMs) })
  say({ held: true })
  stdin.resume()
  await once(stdin, 'end')
  await lease.release()
} catch (thrown) {
  const error = toDdalabError(thrown)
  say({ locked: error.message })
  exit(error.exit)
}
