import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileHashes } from '../../src/core/actions/file-hashes.ts'
import { keepConfig, releasedConfig } from '../../src/core/actions/released-config.ts'
import { historyStore } from '../../src/core/config/history/index.ts'
import { type InstancePaths, instancePaths } from '../../src/core/instance/index.ts'
import { operationId, type Plan } from '../../src/core/kernel/index.ts'
import { RELEASE_RECORD, releaseRecord, releaseStore, withRelease } from '../../src/core/release/index.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const TEXT = 'version: 3.0.0\n'

let world: TestWorld
let paths: InstancePaths
beforeEach(async () => {
  world = await testWorld('')
  paths = instancePaths(world.directory, 'lab')
  mkdirSync(paths.directory, { recursive: true })
  writeFileSync(paths.config, TEXT)
})
afterEach(() => world.remove())

const history = () => historyStore(paths.configBackups)

it('a release names the config that it was compiled from, and its bytes are in the history', async () => {
  await keepConfig(world, paths, hashOf(TEXT))
  expect(await releasedConfig(paths, hashOf(TEXT))).toEqual({ sha256: hashOf(TEXT), history: 1 })
  expect((await history().read(1)).toString()).toBe(TEXT)
  await keepConfig(world, paths, hashOf(TEXT))
  expect((await history().list(undefined)).entries).toHaveLength(1)
})

it('of a file with a byte-order mark its bytes count, though the text that is compiled has none', async () => {
  writeFileSync(paths.config, `\uFEFF${TEXT}`)
  await keepConfig(world, paths, hashOf(TEXT))
  expect(await releasedConfig(paths, hashOf(TEXT))).toEqual({ sha256: hashOf(`\uFEFF${TEXT}`), history: 1 })
})

it('with a byte-order mark a file is the same source as without: nothing is compiled anew', async () => {
  const before = await fileHashes([paths.config])
  writeFileSync(paths.config, `\uFEFF${TEXT}`)
  expect(await fileHashes([paths.config])).toEqual(before)
})

it('edited by hand during the deploy, it is still the one that was compiled', async () => {
  await keepConfig(world, paths, hashOf(TEXT))
  writeFileSync(paths.config, 'version: 3.0.0 # edited\n')
  expect(await releasedConfig(paths, hashOf(TEXT))).toEqual({ sha256: hashOf(TEXT), history: 1 })
  // What was not compiled is not recorded by a deploy.
  await keepConfig(world, paths, hashOf(TEXT))
  expect((await history().list(undefined)).entries).toHaveLength(1)
})

it('that nobody recorded, or in a history that cannot be read, is known by its hash alone', async () => {
  expect(await releasedConfig(paths, hashOf('gone'))).toEqual({ sha256: hashOf('gone'), history: null })
  mkdirSync(join(paths.configBackups, 'history.jsonl'), { recursive: true })
  expect(await releasedConfig(paths, hashOf(TEXT))).toEqual({ sha256: hashOf(TEXT), history: null })
})

it('the plan of a deploy carries its hash, so that also a recovery records it', async () => {
  const operation = {
    id: operationId('a', ''),
    kind: 'a',
    resource: 'a',
    cause: '',
    effect: '',
    phase: 'apply',
    after: [],
    input: {},
  } as const
  const plan: Plan = { instance: 'lab', action: 'deploy', fingerprint: 'f', downtime: [], operations: [operation] }
  const record = withRelease(plan, { id: 'r-0001', version: '1.0', config: hashOf(TEXT) }).operations.find(
    ({ kind }) => kind === RELEASE_RECORD,
  )
  if (record === undefined) throw new Error('no record')
  const store = releaseStore(paths.releases)
  const handler = releaseRecord({
    store,
    now: world.now,
    deployedBy: 'ada',
    command: 'deploy',
    runningImages: async () => ({}),
    stackOfRun: async () => undefined,
    config: (hash) => releasedConfig(paths, hash),
  })
  await handler.execute(record, { run: 'run-1', signal: world.signal, urgency: 0, progress: () => {} })
  expect((await store.list())[0]?.config).toEqual({ sha256: hashOf(TEXT), history: null })
})
