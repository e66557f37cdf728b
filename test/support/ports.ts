import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what systems give to clients (from 32768 on). Each worker has a part of its own: two never take the same. */
const COUNT = 2_500
const FIRST = 10_000 + ((Number(process.env.VITEST_POOL_ID) || 0) % 8) * COUNT
const given = new Set<number>()

/** A port of the range of these tests on which nothing listens; never the same twice in a process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + randomInt(COUNT)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
