import { request } from 'node:http'
import { setInterval } from 'node:timers/promises'

/**
 * Users: RATE requests a second to URL, each with a connection of its own, until stdin ends; then what became of them, as
 * JSON on stdout. A process of its own: whoever measures must not wait for the test.
 */
const [url = '', rate = '200'] = process.argv.slice(2)

const answers = new Map<string, number>()
const failures: { readonly at: string; readonly what: string }[] = []
const underWay = new Set<Promise<void>>()

function ask(): Promise<void> {
  const at = new Date().toISOString()
  return new Promise((resolve) => {
    const fail = (what: string) => {
      failures.push({ at, what })
      resolve()
    }
    const asked = request(url, { agent: false, timeout: 15_000 }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('error', ({ message }) => fail(message))
      response.on('end', () => {
        if (response.statusCode !== 200) return fail(`${response.statusCode} ${body.slice(0, 80)}`)
        answers.set(body, (answers.get(body) ?? 0) + 1)
        resolve()
      })
    })
    asked.on('timeout', () => asked.destroy(new Error('timed out')))
    asked.on('error', ({ message }) => fail(message))
    asked.end()
  })
}

const stopping = new AbortController()
process.stdin.resume().on('end', () => stopping.abort())
process.stdout.write('ready\n')
try {
  let sent = 0
  const startedAt = Date.now()
  for await (const _ of setInterval(5, undefined, { signal: stopping.signal })) {
    for (; sent < ((Date.now() - startedAt) * Number(rate)) / 1000; sent += 1) {
      const one = ask().finally(() => underWay.delete(one))
      underWay.add(one)
    }
  }
} catch {
  // The end of stdin.
}
await Promise.all(underWay)
process.stdout.write(`${JSON.stringify({ answers: Object.fromEntries(answers), failures })}\n`)
