import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type BadRelease, quarantine } from '../../src/core/release/index.ts'
import { newDirectory } from '../state/places.ts'

const bad = (version: string, digest: string): BadRelease => ({
  version,
  images: { web: `registry.example.org/app@sha256:${digest}` },
  at: '2026-01-01T00:00:00.000Z',
  cause: 'never healthy',
  run: `run-${version}`,
})

it('a bad release is known by its version and by the digests of its images, in whatever repository', async () => {
  const directory = newDirectory()
  await quarantine(directory).mark(bad('1.2.0', 'abc'))
  const store = quarantine(directory)
  expect(await store.isBad('1.2.0')).toMatchObject({ cause: 'never healthy', run: 'run-1.2.0' })
  expect(await store.isBad('sha256:abc')).toMatchObject({ version: '1.2.0' })
  expect(await store.isBad('mirror.example.org/app@sha256:abc')).toMatchObject({ version: '1.2.0' })
  expect(await store.isBad('1.2.1')).toBeUndefined()
  expect(await store.isBad('sha256:abd')).toBeUndefined()
})

it('a version that fails again has its newest entry; clear forgets one, or all', async () => {
  const store = quarantine(newDirectory())
  expect(await store.clear()).toBe(0)
  await store.mark(bad('1', 'a'))
  await store.mark(bad('2', 'b'))
  await store.mark({ ...bad('1', 'c'), cause: 'again' })
  expect((await store.list()).map(({ version, cause }) => `${version} ${cause}`)).toEqual([
    '2 never healthy',
    '1 again',
  ])
  expect(await store.clear('2')).toBe(1)
  expect(await store.isBad('2')).toBeUndefined()
  expect(await store.clear()).toBe(1)
  expect(await store.list()).toEqual([])
})

it('its file is for its owner alone, and one that is damaged is never taken for an empty one', async () => {
  const directory = newDirectory()
  const store = quarantine(directory)
  await store.mark(bad('1', 'a'))
  const file = join(directory, 'quarantine.json')
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
  writeFileSync(file, '[{"version":')
  await expect(store.isBad('1')).rejects.toMatchObject({ code: 'FILE_NOT_READABLE', exit: 4 })
})
