import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What became of the requests of the users. */
export interface Experience {
  /** How often which answer came. */
  readonly answers: { readonly [body: string]: number }
  readonly failures: readonly { readonly at: string; readonly what: string }[]
}

export interface Users {
  /** No more requests; those in flight are waited for. */
  leave(): Promise<Experience>
}

/** Requests a second: few enough for a machine that runs other tests as well; `npm run soak` sends more. */
const RATE = 50

/** Users of a page, from now on: so many requests a second, each with a new connection, from another process. */
export async function users(url: string, rate = RATE): Promise<Users> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts'), url, String(rate)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await once(child.stdout, 'data')
  const ended = once(child, 'close')
  return {
    async leave() {
      child.stdin.end()
      await ended
      return JSON.parse(said.split('\n').at(-2) ?? '')
    },
  }
}

/** What users experience while the work is done; they leave also when it fails, and what they met is told then. */
export async function withUsers(url: string, rate: number, work: () => Promise<void>): Promise<Experience> {
  const present = await users(url, rate)
  try {
    await work()
  } catch (thrown) {
    process.stdout.write(`users met: ${JSON.stringify(await present.leave())}\n`)
    throw thrown
  }
  return present.leave()
}
