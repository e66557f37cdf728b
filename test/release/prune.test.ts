import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { operationId } from '../../src/core/kernel/index.ts'
import {
  type CompiledStack,
  type ImageKeeper,
  type Release,
  type ReleasedImage,
  releasePrune,
  releaseStore,
  STACK_FORMAT,
} from '../../src/core/release/index.ts'
import { newDirectory } from '../state/places.ts'
import { aStack } from '../support/stack.ts'

const compiled: CompiledStack = {
  format: STACK_FORMAT,
  build: 'b1',
  environment: 'production',
  ownEnvironment: 'production',
  sources: {},
  goodUntil: '2026-05-02T00:00:00.000Z',
  keep: 3,
  stack: aStack('lab', []),
  warnings: [],
}
const image = (name: string): ReleasedImage => ({ reference: `app:${name}`, imageId: `sha256:${name}` })
const release = (number: number, ...names: readonly string[]): Release => ({
  id: `r-000${number}`,
  version: String(number),
  deployedAt: '2026-01-01T00:00:00.000Z',
  deployedBy: 'ada',
  command: 'ddalab deploy',
  images: Object.fromEntries(names.map((name) => [name, image(name)])),
  stack: names.join(),
})

/** Remembers what it was told; an image has a name of one letter. */
class Keeper implements ImageKeeper {
  readonly told: string[] = []
  failing = ''
  readonly #tell = (what: string) => async (images: readonly ReleasedImage[]) => {
    if (what === this.failing) throw new Error('the engine is gone')
    this.told.push(`${what} ${images.map(({ reference }) => reference.slice(-1)).join('')}`)
  }
  readonly keep = this.#tell('keep')
  readonly release = this.#tell('release')
  readonly remove = this.#tell('remove')
}

describe('pruning after a release', () => {
  let directory: string
  let keeper: Keeper
  beforeEach(() => {
    directory = newDirectory()
    keeper = new Keeper()
  })

  const prune = async (releases: readonly Release[], keep: number) => {
    const store = releaseStore(directory)
    for (const one of releases) await store.write(one, compiled)
    return again(keep)
  }
  const again = (keep: number) =>
    releasePrune(releaseStore(directory), keeper).execute(
      {
        id: operationId('release.prune', ''),
        kind: 'release.prune',
        resource: 'release',
        cause: '',
        effect: '',
        phase: 'commit',
        after: [],
        input: { keep },
      },
      { run: 'run-1', signal: new AbortController().signal, urgency: 0, progress: () => {} },
    )

  it('lets go of what no point needs, and removes what does not run either', async () => {
    await prune([release(1, 'a', 'b', 'x'), release(2, 'b', 'c'), release(3, 'd', 'x')], 1)
    expect(keeper.told).toEqual(['keep bc', 'release ax', 'remove a'])
  })

  it('the record of a release stays and says that it is no point; its stack, which holds secrets, goes', async () => {
    await prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)
    const releases = await releaseStore(directory).list()
    expect(releases.map(({ rollbackPoint }) => rollbackPoint)).toEqual([false, undefined, undefined])
    expect(readdirSync(directory).sort()).toEqual([
      'r-0001.pruned.json',
      'r-0002.json',
      'r-0002.stack.json',
      'r-0003.json',
      'r-0003.stack.json',
    ])
  })

  it('what is kept is found without reading what is not', async () => {
    await prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)
    writeFileSync(join(directory, 'r-0001.pruned.json'), 'not to be read')
    const store = releaseStore(directory)
    expect((await store.kept()).map(({ id }) => id)).toEqual(['r-0002', 'r-0003'])
    expect((await store.newest())?.id).toBe('r-0003')
    await expect(store.list()).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' })
  })

  it('cut short between the two names of a record counts it once, and is done again', async () => {
    await prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)
    writeFileSync(join(directory, 'r-0001.json'), JSON.stringify(release(1, 'a')))
    expect((await releaseStore(directory).list()).map(({ id }) => id)).toEqual(['r-0001', 'r-0002', 'r-0003'])
    expect(await again(1)).toEqual({ dropped: ['r-0001'] })
    expect((await releaseStore(directory).kept()).map(({ id }) => id)).toEqual(['r-0002', 'r-0003'])
  })

  it('is done once: the next time there is nothing to let go of', async () => {
    await prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)
    keeper.told.length = 0
    await again(1)
    expect(keeper.told).toEqual(['keep b', 'release ', 'remove '])
  })

  it('that was cut short is done again as a whole', async () => {
    keeper.failing = 'release'
    await expect(prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)).rejects.toThrow('gone')
    expect((await releaseStore(directory).stackOf('r-0001'))?.build).toBe('b1')
    keeper.failing = ''
    keeper.told.length = 0
    await again(1)
    expect(keeper.told).toEqual(['keep b', 'release a', 'remove a'])
  })

  it('an image that cannot be removed does not leave the run open', async () => {
    keeper.failing = 'remove'
    expect(await prune([release(1, 'a'), release(2, 'b'), release(3, 'c')], 1)).toEqual({ dropped: ['r-0001'] })
  })
})

describe('the stack of a release', () => {
  it.each([
    ['of another format', JSON.stringify({ ...compiled, format: STACK_FORMAT + 1 })],
    ['of a program that knew no format', JSON.stringify({ ...compiled, format: undefined })],
    ['that is damaged', '{"format":1,"build'],
    ['that is nothing', 'null'],
  ])('%s is not used', async (_, text) => {
    const directory = newDirectory()
    const store = releaseStore(directory)
    await store.write(release(1, 'a'), compiled)
    expect(await store.stackOf('r-0001')).toEqual(compiled)
    writeFileSync(join(directory, 'r-0001.stack.json'), text)
    expect(await store.stackOf('r-0001')).toBeUndefined()
    expect(await store.newestStack()).toBeUndefined()
  })

  it('release 10000 comes after release 9999', async () => {
    const store = releaseStore(newDirectory())
    for (const id of ['r-10000', 'r-9999']) await store.write({ ...release(1, 'a'), id })
    expect((await store.list()).map(({ id }) => id)).toEqual(['r-9999', 'r-10000'])
  })
})
