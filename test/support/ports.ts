import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const FIRST = 23_000
const COUNT = 1_000
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
