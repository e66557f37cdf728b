import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Instance } from './support/instance.ts'

/** No engine is needed to find out that a config is wrong. */
const NOWHERE = 'unix:///nowhere/docker.sock'

let instance: Instance

beforeEach(async () => {
  instance = await Instance.on(NOWHERE, { template: 'demo' })
})
afterEach(() => instance.forget())

describe('a config with mistakes', () => {
  const wrong = `version: 3.0.0
template: demo
api:
  prot: 8001
  port: eight
web: { port: 99999 }
database:
  password: [swordfish-1]
docker:
  image: "not an image"
colour: red
`

  test.each(['deploy', 'plan', 'restart', 'destroy --yes'])(
    '%s tells all of them at once, each with its line: exit code 2',
    async (line) => {
      await writeFile(instance.config, wrong)
      const { code, error } = await instance.answer(line)
      expect({ code, error }).toMatchObject({ code: 2, error: { code: 'CONFIG_INVALID', exit: 2 } })
      const found = error.problems.map(({ place }: { place: { line: number } }) => place.line)
      expect(found.toSorted((a: number, b: number) => a - b)).toEqual([4, 5, 6, 8, 10, 11])
      expect(error.problems.every(({ hint }: { hint?: string }) => hint !== undefined)).toBe(true)
      expect(await readFile(instance.config, 'utf8')).toBe(wrong)
    },
  )

  test('for a person: file, line and column, what is meant, and no secret', async () => {
    await writeFile(instance.config, wrong)
    const { stderr } = await instance.run('deploy')
    expect(stderr).toMatch(/deployment-config\.yml:4:3 .*api\.prot/)
    expect(stderr).toContain('api.port')
    expect(stderr).toMatch(/deployment-config\.yml:11:1 .*colour/)
    expect(stderr).not.toContain('swordfish')
  })

  test.each([
    ['is not YAML', 'version: 3.0.0\napi: {port: 1\n', 'CONFIG_UNREADABLE', 2],
    ['is empty', '', 'CONFIG_INVALID', 2],
    ['is of a newer version', 'version: 99.0.0\n', 'CONFIG_TOO_NEW', 2],
    ['names a template that is not there', 'version: 3.0.0\ntemplate: nope\n', 'TEMPLATE_NOT_FOUND', 3],
    ['lacks a secret', 'version: 3.0.0\ntemplate: ddalab\n', 'SECRET_MISSING', 2],
    ['has a duplicate key', 'version: 3.0.0\ntemplate: demo\ntemplate: demo\n', 'CONFIG_UNREADABLE', 2],
  ])('one that %s is refused and never replaced', async (_, text, code, exit) => {
    await writeFile(instance.config, text)
    expect(await instance.answer('deploy')).toMatchObject({ code: exit, ok: false, error: { code, exit } })
    expect(await readFile(instance.config, 'utf8')).toBe(text)
  })

  test('a directory in its place is told', async () => {
    await rm(instance.config)
    await mkdir(instance.config)
    expect(await instance.answer('deploy')).toMatchObject({ code: 2, error: { code: 'CONFIG_UNREADABLE' } })
  })
})

test('a config with secrets is readable by its owner only, in directories of the same kind', async () => {
  const other = await Instance.on(NOWHERE, { template: 'ddalab', home: instance.home })
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  expect(await Promise.all([other.config, other.directory, other.home].map(mode))).toEqual(['600', '700', '700'])
})
