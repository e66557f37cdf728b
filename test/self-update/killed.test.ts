import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'
import { rollbackProgram, swapPaths, updateProgram } from '../../src/core/self-update/index.ts'
import { start } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { worldIn } from '../support/world.ts'
import { installation, minisignSigner, mirror, probe, release } from './releases.ts'

/** The update as a process of its own, which is killed, or may not do everything. */

const HOOK = pathToFileURL(join(import.meta.dirname, '..', 'cli', 'kill-at-step.mjs')).href
/** In one file, which starts several times faster. */
const FIXTURE = join(aFolder(), 'update.mjs')
await build({
  entryPoints: [join(import.meta.dirname, 'fixtures', 'update.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  outfile: FIXTURE,
})

async function given() {
  const signer = minisignSigner()
  const here = installation('1.0.0')
  const server = await mirror([await release('1.1.0', signer)])
  const home = mkdtempSync(join(tmpdir(), 'ddalab-home-'))
  onTestFinished(async () => {
    here.remove()
    rmSync(home, { recursive: true, force: true })
    await server.close()
  })
  const run = async (action: 'update' | 'rollback', env: NodeJS.ProcessEnv = {}) => {
    const args = [FIXTURE, action, here.path, here.version(), home, server.url, signer.publicKey]
    const { code, signal, stdout, stderr } = await start(process.execPath, args, { env }).finished
    return { code, signal, stderr, said: stdout === '' ? undefined : JSON.parse(stdout) }
  }
  const world = worldIn(home, 'unix:///nowhere.sock')
  const place = { url: server.url, key: signer.publicKey }
  const now = () => ({ ...here.installed, version: here.version() })
  const update = () => updateProgram(world, now(), { place }, probe)
  const rollback = () => rollbackProgram(world, now(), {}, probe)
  const killed = (action: 'update' | 'rollback', step: number) =>
    run(action, { NODE_OPTIONS: `--import=${HOOK}`, KILL_AT_STEP: String(step) })
  const left = () => readdirSync(swapPaths(here.path).directory).toSorted()
  return { here, run, killed, update, rollback, left }
}

describe('kill -9 of self update, before every step that it takes on the disk', () => {
  it('leaves the old program or the new one, and the next update and rollback work', async () => {
    const { here, killed, update, rollback, left } = await given()
    let kills = 0
    for (let step = 1; ; step += 1) {
      const { signal } = await killed('update', step)
      const reached = here.version()
      if (signal === null) {
        expect(reached).toBe('1.1.0')
        break
      }
      kills += 1
      expect(['1.0.0', '1.1.0']).toContain(reached)
      if (reached === '1.0.0') expect(await update()).toMatchObject({ after: '1.1.0' })
      expect(await rollback()).toMatchObject({ before: '1.1.0', after: '1.0.0' })
      expect(left()).toEqual(['lease', 'previous'])
      rmSync(swapPaths(here.path).directory, { recursive: true })
    }
    expect(kills).toBeGreaterThan(10)
  })

  it('and of a rollback: both versions are there afterwards', async () => {
    const { here, killed, update, rollback, left } = await given()
    await update()
    let kills = 0
    for (let step = 1; ; step += 1) {
      const { signal } = await killed('rollback', step)
      if (signal === null) break
      kills += 1
      const reached = here.version()
      const other = reached === '1.0.0' ? '1.1.0' : '1.0.0'
      expect(await rollback()).toMatchObject({ before: reached, after: other })
      expect(left()).toEqual(['lease', 'previous'])
    }
    expect(kills).toBeGreaterThan(5)
  })
})

describe('where the user may not write', () => {
  it('the old program stays, and the error says what to do', async () => {
    const { here, run } = await given()
    chmodSync(here.directory, 0o755)
    chmodSync(dirname(here.path), 0o555)
    onTestFinished(() => chmodSync(dirname(here.path), 0o755))
    // Root may always.
    const isRoot = process.getuid?.() === 0
    expect(await run('update', isRoot ? { AS_USER: '65534' } : {})).toMatchObject({
      code: 4,
      said: { code: 'FILE_NOT_WRITABLE', hint: expect.stringContaining('sudo') },
    })
    expect(here.version()).toBe('1.0.0')
    expect(existsSync(swapPaths(here.path).directory)).toBe(false)
  })
})
