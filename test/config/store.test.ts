import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonSchema, loadConfig, newConfigText, parseConfig, saveConfig } from '../../src/core/config/index.ts'
import { rejection, SEED } from './support.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-config-'))
  file = join(directory, 'deployment-config.yml')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('loading a config file', () => {
  it('reads it and leaves it as it is, also when it is of an older version', async () => {
    await writeFile(file, SEED)
    expect((await loadConfig(file)).sourceVersion).toBe('2.0.0')
    expect(await readFile(file, 'utf8')).toBe(SEED)
  })

  it('says how to make one when there is none', async () => {
    const error = await rejection(loadConfig(file))
    expect(error.toData()).toMatchObject({ code: 'CONFIG_NOT_FOUND', exit: 3, place: { file } })
    expect(error.options.hint).toContain('ddalab init')
  })

  it('refuses what is no text file of its size', async () => {
    await mkdir(join(directory, 'folder.yml'))
    expect((await rejection(loadConfig(join(directory, 'folder.yml')))).code).toBe('CONFIG_UNREADABLE')
    await writeFile(file, Buffer.alloc(10_000_000, 'a'))
    expect((await rejection(loadConfig(file))).message).toBe(`${file} is larger than 1 MB`)
  })
})

describe('saving a config file', () => {
  it('makes a new one that only its owner can read', async () => {
    await saveConfig(file, SEED)
    expect(await readFile(file, 'utf8')).toBe(SEED)
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('keeps mode and link of the one that is there', async () => {
    if (process.platform === 'win32') return
    await writeFile(file, SEED)
    await chmod(file, 0o640)
    const link = join(directory, 'link.yml')
    await symlink(file, link)
    const changed = SEED.replace('8001', '8002')
    await saveConfig(link, changed)
    expect(await readFile(file, 'utf8')).toBe(changed)
    expect((await stat(file)).mode & 0o777).toBe(0o640)
  })

  it('may repair a file that breaks a rule of the schema', async () => {
    await writeFile(file, 'version: 3.0.0\napi: {port: 0}\n')
    await saveConfig(file, 'version: 3.0.0\napi: {port: 1}\n')
    expect((await loadConfig(file)).document.config.api?.port).toBe(1)
  })

  it.each([
    ['of a newer version', 'version: 9.0.0\nfuture: {}\n', 'CONFIG_TOO_NEW'],
    ['no YAML', 'version: [3.0.0\n', 'CONFIG_UNREADABLE'],
    ['binary', '\0\x01\x02', 'CONFIG_UNREADABLE'],
    ['not UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), 'CONFIG_UNREADABLE'],
  ])('never replaces a file that is %s', async (_, content, code) => {
    await writeFile(file, content)
    const before = await readFile(file)
    expect((await rejection(saveConfig(file, SEED))).code).toBe(code)
    expect(await readFile(file)).toEqual(before)
  })

  it('never writes a text that it could not read again', async () => {
    await writeFile(file, SEED)
    expect((await rejection(saveConfig(file, 'version: 3.0.0\napi: {port: 0}\n'))).code).toBe('CONFIG_INVALID')
    expect(await readFile(file, 'utf8')).toBe(SEED)
  })
})

describe('the text of a new config', () => {
  it('starts with the line for editors and says what each section is for, in the order of the schema', () => {
    const text = newConfigText({
      ingress: { domain: 'lab.example.org' },
      database: { password: '0123', user: 'ddalab' },
      template: 'ddalab',
      version: '3.0.0',
    })
    expect(text).toBe(`# yaml-language-server: $schema=./deployment-config.schema.json

# Version of the schema of this file.
version: 3.0.0

# Template that is deployed (default ddalab).
template: ddalab

# PostgreSQL.
database:
  user: ddalab
  password: '0123'

# How requests from outside come in.
ingress:
  domain: lab.example.org
`)
    expect(parseConfig(text, 'new.yml').document.config.database?.password).toBe('0123')
  })
})

describe('the JSON Schema', () => {
  it('is draft 7, strict, and describes every field', () => {
    const schema = jsonSchema()
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      required: ['version'],
      additionalProperties: false,
    })
    expect(undescribed(schema, '')).toEqual([])
  })
})

function undescribed(schema: unknown, path: string): readonly string[] {
  if (schema === null || typeof schema !== 'object' || !('properties' in schema)) return []
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
    ...(typeof child === 'object' && child !== null && 'description' in child ? [] : [`${path}${key}`]),
    ...undescribed(child, `${path}${key}.`),
  ])
}
