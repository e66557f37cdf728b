import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonSchema, loadConfig, newConfigText, parseConfig } from '../../src/core/config/index.ts'
import { rejection } from '../support/errors.ts'
import { SEED } from './support.ts'

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

  it('knows the section of a sealed config, so that editors do not complain', () => {
    expect(jsonSchema()).toMatchObject({ properties: { sops: { type: 'object' } } })
  })
})

function undescribed(schema: unknown, path: string): readonly string[] {
  if (schema === null || typeof schema !== 'object' || !('properties' in schema)) return []
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
    ...(typeof child === 'object' && child !== null && 'description' in child ? [] : [`${path}${key}`]),
    ...undescribed(child, `${path}${key}.`),
  ])
}
