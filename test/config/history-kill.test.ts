import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { historyStore, sha256 } from '../../src/core/config/history/index.ts'
import { newDirectory } from '../state/places.ts'

/**
 * A process that changes a config is killed (SIGKILL) before every step that it takes on the disk, again and again over the
 * same history. Whatever the moment: the file is whole, and the history knows every content that the file ever had.
 */

let root = ''
let program = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddalab-history-'))
  program = join(root, 'child.mjs')
  const entryPoints = [join(import.meta.dirname, 'history-child.ts')]
  await build({
    entryPoints,
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
})
afterAll(() => rm(root, { recursive: true }))

function child(directory: string, step: number): Promise<'ended' | 'killed'> {
  return new Promise((resolve, reject) => {
    const stderr: string[] = []
    const started = spawn(process.execPath, [program, directory, String(step)], {
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk))
    started.on('error', reject).on('close', (code, signal) => {
      if (code === 0) resolve('ended')
      else if (signal === 'SIGKILL') resolve('killed')
      else reject(new Error(`child ended with ${code ?? signal}: ${stderr.join('')}`))
    })
  })
}

const linesOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [])

test('killed before any step on the disk, 100 times and more, it loses no content and no entry', async () => {
  const directory = newDirectory()
  const file = join(directory, 'config.yml')
  const states = join(directory, 'states')
  const store = historyStore(join(directory, 'config-backups'))
  let kills = 0
  let known: readonly string[] = []
  for (let round = 0; kills < 100; round += 1) {
    for (let step = 1; (await child(directory, step)) === 'killed'; step += 1) {
      kills += 1
      const now = existsSync(file) ? readFileSync(file) : undefined
      if (now !== undefined) {
        expect(now.toString()).toMatch(/^version: 3\.0\.0\n(?:change|edited): [0-9a-f-]{36}\n$/)
        const line = JSON.stringify(now.toString())
        // Killed after the file was replaced and before it said so.
        if (linesOf(states).at(-1) !== line) appendFileSync(states, `${line}\n`)
      }
      const { entries, outside, problems } = await store.list(now)
      expect(problems).toEqual([])
      const numbers = entries.map(({ number }) => number)
      expect(numbers).toEqual([...numbers.keys()].map((index) => index + 1))
      expect(entries.slice(0, known.length).map(({ sha256 }) => sha256)).toEqual(known)
      const contents: string[] = linesOf(states).map((line) => JSON.parse(line))
      const written = entries.filter((entry) => entry.written === true).map((entry) => entry.sha256)
      const lived = contents.map((text) => sha256(Buffer.from(text)))
      // Every content once, in order; only the last one may not be in it yet.
      expect(written).toEqual(outside ? lived.slice(0, -1) : lived)
      expect(entries.every((entry) => entry.written !== null)).toBe(true)
      // What a killed process wrote is not taken for an edit by hand.
      const byHand = new Set(
        contents.filter((text) => text.includes('edited')).map((text) => sha256(Buffer.from(text))),
      )
      expect(entries.every(({ kind, sha256: hash }) => (kind === 'outside') === byHand.has(hash))).toBe(true)
      expect(outside && !now?.includes('edited')).toBe(false)
      for (const { number, sha256: hash, kept } of entries) {
        if (kept) expect(sha256(await store.read(number))).toBe(hash)
      }
      const newest = entries.filter((entry) => entry.written).slice(-15)
      // The newest may have died before its snapshot; then the file still has its bytes.
      expect(newest.every((entry) => entry.kept || entry.current)).toBe(true)
      known = entries.map((entry) => entry.sha256)
    }
    expect(round).toBeLessThan(20)
  }
  writeFileSync(file, 'by hand\n')
  await store.noteOutside(readFileSync(file), {
    at: new Date(),
    by: 'ada@lab',
    command: 'test',
    reason: null,
    kind: 'outside',
  })
  expect((await store.list(readFileSync(file))).entries.at(-1)).toMatchObject({
    kind: 'outside',
    current: true,
    kept: true,
  })
})
