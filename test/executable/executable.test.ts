import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { LoadingReport } from '../../scripts/executable/loading-report.ts'
import { answer, start } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { lab } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'
import { publish } from '../updates/publish.ts'
import { bareRoot, overTcp } from './bare-root.ts'
import { builtExecutable, VERSION } from './built.ts'

const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates')

let file: string
beforeAll(async () => {
  file = await builtExecutable()
})

const ddalab = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => start(file, words, { env }).finished

describe('one file', () => {
  test('knows its version, its templates, and those of the user', async () => {
    const home = aFolder()
    cpSync(join(TEMPLATES, 'demo'), join(home, 'templates', 'demo'), { recursive: true })
    const listed = answer(await ddalab(['templates', 'list', '--json'], { DDALAB_HOME: home }))
    expect(listed).toMatchObject({
      data: {
        templates: [
          { name: 'ddalab', origin: 'built in' },
          { name: 'demo', origin: 'own' },
        ],
      },
    })
    const shown = answer(await ddalab(['templates', 'show', 'ddalab', '--json'], { DDALAB_HOME: home }))
    expect(shown).toMatchObject({ data: { directory: join(file, 'templates', 'ddalab') } })
    const version = answer(await ddalab(['version', '--json']))
    if (process.env.DDALAB_BIN === undefined) expect(version).toMatchObject({ data: { ddalab: VERSION } })
  })

  test('lists the licences of everything inside, with Node and itself', async () => {
    const { data } = JSON.parse((await ddalab(['version', '--licenses', '--json'])).stdout)
    const texts = new Map(data.map(({ name, text }: { name: string; text: string }) => [name, text]))
    for (const name of ['ddalab', 'dockerode', 'ink', 'node', 'yoga-layout', 'zod'])
      expect(texts.get(name), name).toEqual(expect.stringMatching(/licen[sc]e|permission/i))
  })

  test('takes no options that are meant for Node', async () => {
    const { code, stderr } = await ddalab(['version'], { NODE_OPTIONS: '--import=/no/such/module.mjs' })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('completes what stands in its own manifest and templates', async () => {
    const { stdout } = await ddalab(['complete', '--', 'init', '--template', ''])
    expect(stdout).toContain('demo')
  })
})

/** Chunks that a run loads: each costs a part of a millisecond, and what one too many brings along costs more. */
describe('the budget of start-up', () => {
  test.each([
    [['version'], 5],
    [['--help'], 5],
    [['completion', 'bash'], 5],
    [['status', '-i', 'nobody'], 12],
    [['deploy', '-i', 'nobody', '--yes'], 12],
  ])('%j', async (words, most) => {
    const report = join(aFolder(), 'report.json')
    await ddalab(words, { DDALAB_LOADING_REPORT: report })
    const { chunks }: LoadingReport = JSON.parse(readFileSync(report, 'utf8'))
    expect(chunks.filter(({ cached }) => !cached)).toEqual([])
    expect(chunks.length, chunks.map(({ path }) => path).join(' ')).toBeLessThanOrEqual(most)
  })
})

const engine = lab.engines.at(-1)

describe.skipIf(engine === undefined)('a deploy with nothing to do', () => {
  test('loads little, and nothing that hashes', async () => {
    const host = engine?.host ?? ''
    const instance = `idle-${randomUUID().slice(0, 8)}`
    const env = { DDALAB_HOME: aFolder(), DOCKER_HOST: host }
    onTestFinished(
      async () => void (await ddalab(['destroy', '-i', instance, '--volumes', '--confirm', instance], env)),
    )
    await publish(host, instance, '1.0.0')
    const image = `docker.image=${lab.registry.address}/${instance}:1.0.0`
    const settings = ['--set', image, '--set', `parameters.WEB_PORT=${await freePort()}`]
    await ddalab(['init', '-i', instance, '--template', 'demo', ...settings], env)
    expect(await ddalab(['deploy', '-i', instance, '--yes'], env)).toMatchObject({ code: 0 })

    const report = join(aFolder(), 'report.json')
    const again = await ddalab(['deploy', '-i', instance, '--yes'], { ...env, DDALAB_LOADING_REPORT: report })
    expect(again.stdout).toContain('already as configured')
    const { chunks, modules }: LoadingReport = JSON.parse(readFileSync(report, 'utf8'))
    expect(chunks.filter(({ cached }) => !cached)).toEqual([])
    expect(chunks.length, chunks.map(({ path }) => path).join(' ')).toBeLessThanOrEqual(8)
    expect(modules).toContain('net')
    expect(modules).not.toContain('http')
    expect(modules).not.toContain('fs/promises')
    expect(modules).not.toContain('crypto')
  })
})

const isRoot = process.platform === 'linux' && process.getuid?.() === 0

describe.skipIf(engine === undefined || !isRoot || !hasTmux)('on a machine with nothing but Docker', () => {
  test('it deploys, tells, shows, updates and goes back', async () => {
    const host = engine?.host ?? ''
    const root = await bareRoot(file)
    const instance = `bare-${randomUUID().slice(0, 8)}`
    const env = { DDALAB_HOME: '/home', DOCKER_HOST: await overTcp(host), HOME: '/home', LC_ALL: 'C.UTF-8' }
    const run = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await start('chroot', [root, '/ddalab', ...words, '--json'], { env }).finished
      return { code, stderr, ...JSON.parse(stdout) }
    }
    onTestFinished(async () => void (await run('destroy', '-i', instance, '--volumes', '--confirm', instance)))
    await publish(host, instance, '1.0.0')
    const image = `docker.image=${lab.registry.address}/${instance}:1.0.0`
    const settings = ['--set', image, '--set', `parameters.WEB_PORT=${await freePort()}`]

    expect(await run('init', '-i', instance, '--template', 'demo', ...settings)).toMatchObject({ code: 0 })
    expect(await run('plan', '-i', instance)).toMatchObject({ code: 0 })
    expect(await run('deploy', '-i', instance, '--yes')).toMatchObject({ code: 0, data: { outcome: 'changed' } })
    expect(await run('status', '-i', instance)).toMatchObject({ code: 0, data: { state: 'healthy' } })

    const window = await TerminalWindow.open({ ...env, PATH: process.env.PATH, TERM: 'xterm-256color' })
    onTestFinished(() => window.close())
    await window.type(`chroot ${root} /ddalab tui -i ${instance}; echo "left with $?"`)
    await window.press('Enter')
    await window.sees('running')
    await window.press('q')
    await window.sees('left with 0')

    await publish(host, instance, '1.1.0')
    expect(await run('update', '-i', instance, '--check')).toMatchObject({
      code: 10,
      data: { offer: { version: '1.1.0' } },
    })
    expect(await run('update', '-i', instance, '--yes')).toMatchObject({ code: 0 })
    expect(await run('status', '-i', instance)).toMatchObject({ data: { state: 'healthy', version: '1.1.0' } })
    expect(await run('rollback', '-i', instance, '--yes')).toMatchObject({ code: 0 })
    expect(await run('status', '-i', instance)).toMatchObject({ data: { state: 'healthy', version: '1.0.0' } })
  })
})
