import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJournalStore } from '../../src/core/state/index.ts'

/**
 * The process is killed (SIGKILL) at every line of its journal and a new one recovers. Whatever the moment, the world is then
 * what it was before or what it should become, never something between, and nothing is left to recover.
 */

const OLD = { config: 'old', data: 'old' }
const text = 'new '.repeat(100)
const NEW = { config: text, data: text, extra: text, service: text }
const MOMENTS = ['before', 'after'] as const

let root = ''
let program = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddalab-kill-'))
  program = join(root, 'child.mjs')
  // One file starts four times as fast as the sources, and it is started some 250 times.
  const entryPoints = [join(import.meta.dirname, 'kill-child.ts')]
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' })
})
afterAll(() => rm(root, { recursive: true }))

async function newPlace(name: string): Promise<string> {
  const place = join(root, name)
  await mkdir(join(place, 'world'), { recursive: true })
  for (const [file, content] of Object.entries(OLD)) await writeFile(join(place, 'world', file), content)
  return place
}

/** Whether the process came to its end, or was killed as told. Anything else is an error of the test. */
function child(...args: readonly string[]): Promise<'ended' | 'killed'> {
  return new Promise((resolve, reject) => {
    const stderr: string[] = []
    const started = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'pipe'] })
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk))
    started.on('error', reject).on('close', (code, signal) => {
      if (code === 0) resolve('ended')
      else if (signal === 'SIGKILL') resolve('killed')
      else reject(new Error(`child ${args.join(' ')} ended with ${code ?? signal}: ${stderr.join('')}`))
    })
  })
}

async function worldIn(place: string): Promise<{ readonly [name: string]: string }> {
  const names = (await readdir(join(place, 'world'))).sort()
  const files = names.map(async (name) => [name, await readFile(join(place, 'world', name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(files))
}

async function expectSettled(place: string): Promise<void> {
  expect([OLD, NEW]).toContainEqual(await worldIn(place))
  expect(await createJournalStore(join(place, 'journal')).unfinished()).toBeUndefined()
}

/** Calls `visit` with the lines 1, 2, 3, ... until it says that there was no such line; answers how many there were. */
async function eachLine(visit: (line: number) => Promise<'ended' | 'killed'>): Promise<number> {
  for (let line = 1; ; line += 1) {
    if ((await visit(line)) === 'ended') return line - 1
  }
}

describe.each([
  { kind: 'good', end: NEW, lines: 17 },
  { kind: 'bad', end: OLD, lines: 23 },
])('rules 03, 04: a run that goes $kind', ({ kind, end, lines }) => {
  test('ends in the world that it should without being killed', async () => {
    const place = await newPlace(`${kind}-alive`)
    expect(await child('execute', place, kind)).toBe('ended')
    expect(await worldIn(place)).toEqual(end)
  })

  test.concurrent.each(MOMENTS)('killed %s any line of its journal', async (moment) => {
    const count = await eachLine(async (line) => {
      const place = await newPlace(`${kind}-${moment}-${line}`)
      const fate = await child('execute', place, kind, `line:${line}:${moment}`)
      await child('recover', place, kind)
      await expectSettled(place)
      return fate
    })
    expect(count).toBe(lines)
  })

  test.concurrent.each(['service', 'config', 'data', 'extra'])('killed amid writing %s', async (file) => {
    const place = await newPlace(`${kind}-amid-${file}`)
    expect(await child('execute', place, kind, `amid:${file}`)).toBe('killed')
    expect([OLD, NEW]).not.toContainEqual(await worldIn(place))
    await child('recover', place, kind)
    expect(await worldIn(place)).toEqual(OLD)
  })
})

describe.each([
  { when: 'amid its steps', kind: 'good', line: 8, end: OLD },
  { when: 'after its verdict', kind: 'good', line: 13, end: NEW },
  { when: 'amid its undo', kind: 'bad', line: 16, end: OLD },
])('the recovery of a run that died $when', ({ kind, line, end }) => {
  test.concurrent.each(MOMENTS)('killed %s any line that it writes', async (moment) => {
    const died = await newPlace(`recovery-${kind}-${line}-${moment}`)
    expect(await child('execute', died, kind, `line:${line}:after`)).toBe('killed')
    const count = await eachLine(async (recoveryLine) => {
      const place = `${died}-${recoveryLine}`
      await cp(died, place, { recursive: true })
      const fate = await child('recover', place, kind, `line:${recoveryLine}:${moment}`)
      await child('recover', place, kind)
      await expectSettled(place)
      expect(await worldIn(place)).toEqual(end)
      return fate
    })
    expect(count).toBeGreaterThan(2)
  })
})
