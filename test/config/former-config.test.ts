import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findFormer } from '../../src/core/actions/config/former-config.ts'
import { keepFormer, withFormerKept } from '../../src/core/actions/config/keep-former.ts'
import { contentHash } from '../../src/core/actions/file-hashes.ts'
import { adoptConfig, keepConfig, releasedConfig } from '../../src/core/actions/released-config.ts'
import { historyStore, type Note } from '../../src/core/config/history/index.ts'
import { type InstancePaths, instancePaths } from '../../src/core/instance/index.ts'
import { operationId, type Plan } from '../../src/core/kernel/index.ts'
import { releaseStore } from '../../src/core/release/index.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

/** What a deploy of an edited config goes back to when it fails. */

const DEPLOYED = 'version: 3.0.0\n'
const EDITED = 'version: 3.0.0\napi: { port: 9000 }\n'

let world: TestWorld
let paths: InstancePaths
const history = () => historyStore(paths.configBackups)
const note = (kind: Note['kind']): Note => ({ at: new Date(), by: 'ada@lab', command: 'test', reason: null, kind })
const text = () => readFileSync(paths.config, 'utf8')

async function deployed(): Promise<void> {
  await keepConfig(world, paths, contentHash(DEPLOYED))
  const config = await releasedConfig(paths, contentHash(DEPLOYED))
  const release = {
    id: 'r-0001',
    version: '1',
    deployedAt: '',
    deployedBy: 'ada',
    command: 'deploy',
    images: {},
    config,
  }
  await releaseStore(paths.releases).write(release)
}

/** The file is edited, and a deploy begins. */
async function edited(): ReturnType<typeof findFormer> {
  writeFileSync(paths.config, EDITED)
  await keepConfig(world, paths, contentHash(EDITED))
  return findFormer(paths, contentHash(EDITED))
}

beforeEach(async () => {
  world = await testWorld('')
  paths = instancePaths(world.directory, 'lab')
  mkdirSync(paths.directory, { recursive: true })
  writeFileSync(paths.config, DEPLOYED)
})
afterEach(() => world.remove())

describe('a deploy of an edited config', () => {
  it('goes back to the config of the running release', async () => {
    await deployed()
    expect(await edited()).toMatchObject({
      kind: 'kept',
      release: 'r-0001',
      former: { number: 1 },
      edited: { number: 2 },
    })
  })

  it('has nothing to go back to without a release, or where nothing was edited', async () => {
    expect(await edited()).toEqual({ kind: 'none' })
    writeFileSync(paths.config, DEPLOYED)
    await deployed()
    expect(await findFormer(paths, contentHash(DEPLOYED))).toEqual({ kind: 'none' })
    // Another text than the one that is compiled.
    expect(await findFormer(paths, contentHash(EDITED))).toEqual({ kind: 'none' })
  })

  it('leaves a file of somebody else', async () => {
    await deployed()
    paths = instancePaths(world.directory, 'lab', join(world.directory, 'lab.yml'))
    expect(await edited()).toMatchObject({ kind: 'left', why: 'it is not the file of the instance' })
  })

  it('brings no secrets back that were encrypted anew since', async () => {
    await deployed()
    const rotated = `${DEPLOYED}# rotated\n`
    const change = { ...note('rotate'), former: Buffer.from(DEPLOYED), next: Buffer.from(rotated) }
    await history().record(change, async () => writeFileSync(paths.config, rotated))
    expect(await edited()).toMatchObject({ kind: 'left', why: 'its secrets were encrypted anew since' })
  })

  it('stays as it is where the former text is gone', async () => {
    await deployed()
    rmSync(join(paths.configBackups, '0001.yml'))
    expect(await edited()).toMatchObject({ kind: 'left', why: 'what it was then is no longer kept' })
  })

  it('goes back to the text that the last deploy found to change nothing', async () => {
    await deployed()
    const same = `${DEPLOYED}# a note\n`
    writeFileSync(paths.config, same)
    await adoptConfig(world, paths, contentHash(same))
    expect(await edited()).toMatchObject({ kind: 'kept', former: { number: 2 }, edited: { number: 3 } })
  })
})

describe('the step that puts it back', () => {
  const plan: Plan = { instance: 'lab', action: 'deploy', fingerprint: 'f', downtime: [], operations: [] }
  const context = () => ({ run: 'run-1', signal: world.signal, urgency: 0, progress: () => {} })
  const handler = () => keepFormer(world, paths, join(paths.journal, 'backups'))

  async function begun() {
    await deployed()
    const former = await edited()
    if (former.kind !== 'kept') throw new Error('nothing to go back to')
    const [operation] = withFormerKept(plan, former).operations
    if (operation === undefined) throw new Error('no step')
    // As it is read from a journal.
    const read: typeof operation = JSON.parse(JSON.stringify(operation))
    await handler().execute(read, context())
    return read
  }

  it('is the first one, and all others wait for it', () => {
    const step = (name: string, after: readonly string[]) => ({
      ...{ id: operationId(name, ''), kind: name, resource: name, cause: '', effect: '', phase: 'apply' as const },
      ...{ after: after.map((one) => operationId(one, '')), input: {} },
    })
    const entry = { number: 1, sha256: '' }
    const former = { kind: 'kept' as const, file: '', release: 'r-0001', former: entry, edited: entry }
    const { operations } = withFormerKept({ ...plan, operations: [step('a', []), step('b', ['a'])] }, former)
    expect(operations.map(({ id, after }) => [id, after])).toEqual([
      ['config.keepFormer:', []],
      ['a:', ['config.keepFormer:']],
      ['b:', ['a:']],
    ])
  })

  it('brings the file back with its mode, once', async () => {
    writeFileSync(paths.config, DEPLOYED, { mode: 0o640 })
    const mode = statSync(paths.config).mode
    const operation = await begun()
    await handler().undo?.(operation, {}, context())
    await handler().undo?.(operation, {}, context())
    expect([text(), statSync(paths.config).mode]).toEqual([DEPLOYED, mode])
    expect((await history().list(readFileSync(paths.config))).entries.map(({ kind }) => kind)).toEqual([
      'outside',
      'outside',
      'undo',
    ])
  })

  it('is committed where the config is in git', async () => {
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: paths.directory, encoding: 'utf8' })
    git('init', '-q')
    const operation = await begun()
    await handler().undo?.(operation, {}, context())
    expect(git('show', 'HEAD:deployment-config.yml')).toBe(DEPLOYED)
    expect(git('log', '-1', '--format=%s')).toContain('config undo')
  })

  it('does so from the history where the copy was never made', async () => {
    const operation = await begun()
    rmSync(join(paths.journal, 'backups'), { recursive: true })
    await handler().undo?.(operation, undefined, context())
    expect(text()).toBe(DEPLOYED)
  })

  it('stays away where there is neither a copy nor space for one: nothing else was begun', async () => {
    const operation = await begun()
    rmSync(join(paths.journal, 'backups'), { recursive: true })
    rmSync(join(paths.configBackups, '0001.yml'))
    await handler().undo?.(operation, undefined, context())
    expect(text()).toBe(EDITED)
  })

  it('never throws away what is not in the history', async () => {
    const operation = await begun()
    rmSync(paths.configBackups, { recursive: true })
    await handler().undo?.(operation, {}, context())
    expect(text()).toBe(EDITED)
  })

  it('leaves what somebody wrote since', async () => {
    const operation = await begun()
    writeFileSync(paths.config, 'version: 3.0.0\n# theirs\n')
    await handler().undo?.(operation, {}, context())
    expect(text()).toContain('theirs')
  })
})
