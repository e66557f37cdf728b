import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startOf } from '../../src/core/actions/backup/create.ts'
import { dataBackupStep } from '../../src/core/actions/backup/steps.ts'
import { type OpenInstance, openInstance } from '../../src/core/actions/open.ts'
import { ddalabConfig } from '../stack/compiling.ts'
import { allOf } from '../support/observation.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

let world: TestWorld
let open: OpenInstance
beforeEach(async () => {
  world = await testWorld('unix:///nowhere')
  const directory = join(world.directory, 'instances', 'lab')
  await mkdir(directory, { recursive: true })
  await writeFile(
    join(directory, 'deployment-config.yml'),
    ddalabConfig('updates: {keepBackups: 9}\nssl: {enabled: false}'),
  )
  open = await openInstance(world, { instance: 'lab' })
})
afterEach(() => world.remove())

/** The operations of a plan that only backs up, and what stands in its way. */
async function planned(only?: readonly string[]) {
  const { add } = await dataBackupStep(world, open, { reason: 'test', ...(only !== undefined && { only }) })
  const observation = allOf(open.stack)
  const { plan, problems } = add(startOf(open, observation, 'backup'), observation)
  const [backup, prune] = plan.operations
  const parts = Array.isArray(backup?.input.parts) ? backup.input.parts : []
  return {
    names: parts.map((part) => (typeof part === 'object' && part !== null && 'name' in part ? part.name : '')),
    backup,
    prune,
    problems,
  }
}

test('before an update everything is backed up but files that are written once', async () => {
  expect((await planned()).names).toEqual(['database', 'cache', 'objects'])
})

test('by hand everything is, or what is named', async () => {
  expect((await planned([])).names).toEqual(['database', 'cache', 'objects', 'files'])
  expect((await planned(['files'])).names).toEqual(['files'])
  expect((await planned(['file'])).problems).toEqual([
    {
      code: 'BACKUP_NOT_FOUND',
      message: 'The stack has no data "file".',
      hint: 'There is: database, cache, objects, files.',
    },
  ])
})

test('the config says how many are kept; secrets in plain text make no recipients', async () => {
  const { backup, prune } = await planned()
  expect(prune?.input).toEqual({ keep: 9 })
  expect(backup?.input).toMatchObject({ recipients: [], release: null })
  expect(JSON.stringify(backup)).not.toMatch(/minio-secret-value|f{64}/)
})
