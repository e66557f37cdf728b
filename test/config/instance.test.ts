import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instancePaths, isInstanceName, listInstances } from '../../src/core/instance/index.ts'
import { errorOf, rejection } from '../support/errors.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ddalab-home-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('an instance', () => {
  it('has its files in a directory of its own', () => {
    const directory = join('/c', 'instances', 'lab')
    expect(instancePaths('/c', 'lab')).toEqual({
      name: 'lab',
      directory,
      config: join(directory, 'deployment-config.yml'),
      configBackups: join(directory, 'config-backups'),
      backups: join(directory, 'backups'),
      composeFile: join(directory, 'docker-compose.yml'),
      envFile: join(directory, '.env'),
      ingress: join(directory, 'ingress'),
      journal: join(directory, 'journal'),
      releases: join(directory, 'releases'),
    })
  })

  it('may have its config elsewhere (-f FILE)', () => {
    const paths = instancePaths('/c', 'lab', '/repository/lab.yml')
    expect(paths.config).toBe('/repository/lab.yml')
    expect(paths.directory).toBe(join('/c', 'instances', 'lab'))
  })

  it.each(['ddalab', 'lab-2', 'a_b', '0', 'x'.repeat(63)])('may be called %s', (name) => {
    expect(isInstanceName(name)).toBe(true)
  })

  it.each(['', 'Lab', '-a', '_a', '..', 'a/b', 'a\\b', 'a b', 'é', 'con', 'com1', 'x'.repeat(64), 'a\n'])(
    'may not be called %j',
    (name) => {
      const error = errorOf(() => instancePaths('/c', name))
      expect(error.code).toBe('USAGE')
      expect(error.options.hint).toBeTruthy()
    },
  )
})

describe('the list of instances', () => {
  it('has those with a config, by name', async () => {
    for (const name of ['zebra', 'alpha', 'empty', 'Not-A-Name']) {
      await mkdir(join(home, 'instances', name), { recursive: true })
      if (name !== 'empty') await writeFile(join(home, 'instances', name, 'deployment-config.yml'), '')
    }
    await writeFile(join(home, 'instances', 'file'), '')
    expect((await listInstances(home)).map(({ name }) => name)).toEqual(['alpha', 'zebra'])
  })

  it('is empty before the first one', async () => {
    expect(await listInstances(join(home, 'nothing'))).toEqual([])
  })

  it('is an error when it cannot be read', async () => {
    const target = 'x'.repeat(300)
    expect((await rejection(listInstances(join(home, target)))).code).toBe('FILE_NOT_READABLE')
  })
})
