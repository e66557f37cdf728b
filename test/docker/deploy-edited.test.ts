import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { history } from '../../src/core/actions/config/backups.ts'
import { changeConfig } from '../../src/core/actions/config/change-config.ts'
import { setting } from '../../src/core/actions/config/edits.ts'
import { deploy } from '../../src/core/actions/deploy.ts'
import { destroy } from '../../src/core/actions/destroy.ts'
import { locateInstance } from '../../src/core/actions/open.ts'
import { plan } from '../../src/core/actions/plan.ts'
import { status } from '../../src/core/actions/status.ts'
import type { Target } from '../../src/core/actions/world.ts'
import { historyStore } from '../../src/core/config/history/index.ts'
import { lab } from '../lab/lab.ts'
import { rejection } from '../support/errors.ts'
import { type TestWorld, testWorld } from '../support/world.ts'
import { initMood } from './mood.ts'

let world: TestWorld
let target: Target

const file = () => locateInstance(world, { instance: target.instance }).paths.config
const text = () => readFile(file(), 'utf8')
const edit = async (from: string, to: string) => writeFile(file(), (await text()).replace(from, to))
const container = async () => {
  const [found] = (await status(world, target)).status.services[0]?.containers ?? []
  return found && { id: found.id, state: found.state }
}
const entries = async () => (await history(world, target)).entries.map(({ kind }) => kind)
/** What a deploy would do now; a container that was put back may still be starting. */
const kindsLeft = async () => (await plan(world, target, { pull: false })).plan.operations.map(({ kind }) => kind)
const notices = () => world.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
const set = (words: readonly string[], apply: boolean) =>
  changeConfig(world, target, setting({ set: words, setSecretly: [], generate: [] }), {
    note: { kind: 'change', reason: null },
    dryRun: false,
    ...(apply && { apply: {} }),
  })

function onEngine(host: string) {
  beforeEach(async () => {
    world = await testWorld(host)
    target = { instance: `edited-${randomUUID().slice(0, 8)}` }
    await initMood(world, target)
  })
  afterEach(async () => {
    await destroy(world, { instance: target.instance }, { volumes: true })
    await world.remove()
  })
}

describe.skipIf(!lab.available).each(lab.newest)('deploy after an edit, on Engine $version', ({ host }) => {
  onEngine(host)

  test('that fails puts back the containers and the file; the edit is kept in the history', async () => {
    await deploy(world, target, {})
    const [before, running] = [await text(), await container()]
    await edit('good', 'bad # tried')
    const edited = await text()
    const error = await rejection(deploy(world, target, {}))

    expect(error.exit).toBe(5)
    expect(await text()).toBe(before)
    expect(await container()).toEqual(running)
    expect(await entries()).toEqual(['init', 'outside', 'undo'])
    expect(Buffer.from(await historyStore(locateInstance(world, target).paths.configBackups).read(2)).toString()).toBe(
      edited,
    )
    expect(error.options.nextSteps).toEqual(
      expect.arrayContaining([
        `ddalab config diff 2 -i ${target.instance}`,
        `ddalab config restore 2 -i ${target.instance}`,
      ]),
    )
    expect(notices().at(-1)).toContain('The config is that of release r-0001 again.')
    expect(await kindsLeft()).not.toContain('container.create')
  })

  test('the last of several edits goes back to the one that was deployed, also one that changed nothing that runs', async () => {
    await deploy(world, target, {})
    await edit('good', 'good # a note')
    expect((await deploy(world, target, {})).outcome).toBe('unchanged')
    const before = await text()
    await set(['updates.channel=beta'], false)
    await set(['parameters.MOOD=bad'], false)
    expect((await rejection(deploy(world, target, {}))).options.nextSteps).toContain(
      `ddalab config restore 4 -i ${target.instance}`,
    )
    expect(await text()).toBe(before)
  })

  test('the first deploy has nothing to go back to: the file stays', async () => {
    await edit('good', 'bad')
    const edited = await text()
    const error = await rejection(deploy(world, target, {}))
    expect(error.exit).toBe(5)
    expect([await text(), await entries()]).toEqual([edited, ['init', 'outside']])
    expect(error.options.nextSteps ?? []).not.toContainEqual(expect.stringContaining('config restore'))
  })

  test("with -f the file is somebody's own: it stays, and that is said", async () => {
    const own = join(world.directory, 'lab.yml')
    await copyFile(file(), own)
    const given = { ...target, configFile: own }
    await deploy(world, given, {})
    const edited = (await readFile(own, 'utf8')).replace('good', 'bad')
    await writeFile(own, edited)
    const error = await rejection(deploy(world, given, {}))
    expect(error.exit).toBe(5)
    expect(await readFile(own, 'utf8')).toBe(edited)
    expect(error.options.nextSteps).toContain(`ddalab config diff -i ${target.instance} -f ${own}`)
    expect(notices().at(-1)).toBe(
      `${own} stays as it was edited, because it is not the file of the instance. What runs is release r-0001 again.`,
    )
  })

  test('what somebody writes into the file meanwhile stays', async () => {
    await deploy(world, target, {})
    await edit('good', 'bad')
    const sink = {
      emit: (event: Parameters<typeof world.sink.emit>[0]) => {
        world.sink.emit(event)
        if (event.type === 'operation.failed') void theirs()
      },
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const theirs = () => edit('bad', 'theirs').then(resolve)
    await rejection(deploy({ ...world, sink }, target, {}))
    await promise
    expect(await text()).toContain('theirs')
  })
})

/** Kills a process at an event of its run. */
async function killed(moment: string, work: string): Promise<void> {
  const script = fileURLToPath(new URL('kill-action-child.ts', import.meta.url))
  const host = world.environment.dockerHost ?? ''
  const words = [script, host, world.directory, target.instance, moment, work]
  const child = spawn(process.execPath, words, { stdio: 'inherit' })
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
}

/** No copy of a config, which may hold secrets, lies about. */
function nothingLeft() {
  const { directory } = locateInstance(world, target).paths
  expect(
    readdirSync(directory, { recursive: true })
      .map(String)
      .filter((name) => /tmp$|backups\/.+config$/.test(name)),
  ).toEqual([])
}

const [engine] = lab.newest

describe.skipIf(engine === undefined)(
  'killed in the middle, the next command brings file and containers together',
  () => {
    onEngine(engine?.host ?? '')

    test.each([
      'operation.started config.keepFormer',
      'operation.started container.create',
      'operation.started container.start',
      'operation.failed',
      'operation.undoing config.keepFormer',
      'operation.undone config.keepFormer',
    ])('a deploy of an edit, at %s: both are as before', async (moment) => {
      await deploy(world, target, {})
      const [before, running] = [await text(), await container()]
      await edit('good', 'bad')
      const edited = await text()
      await killed(moment, 'deploy')

      await deploy(world, target, {})
      expect(await text()).toBe(before)
      expect(await container()).toEqual(running)
      const store = historyStore(locateInstance(world, target).paths.configBackups)
      const kept = await Promise.all([1, 2].map((number) => store.read(number)))
      expect(kept.map((bytes) => Buffer.from(bytes).toString())).toEqual([before, edited])
      nothingLeft()
    })

    test.each([
      ['operation.started container.create', 'good'],
      ['operation.started config.write', 'good'],
      ['operation.succeeded config.write', 'good'],
      ['run.verdict', 'fine'],
    ])('config set --apply, at %s: both say %s', async (moment, mood) => {
      await deploy(world, target, {})
      await killed(moment, 'parameters.MOOD=fine')
      await deploy(world, target, {})
      expect(await text()).toContain(`MOOD: ${mood}`)
      expect((await plan(world, target, { pull: false })).plan.operations).toEqual([])
      expect((await history(world, target)).problems).toEqual([])
      nothingLeft()
      // And again, to its end.
      await set(['parameters.MOOD=better'], true)
      expect(await text()).toContain('MOOD: better')
    })
  },
)
