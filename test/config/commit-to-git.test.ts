import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { commitToGit } from '../../src/core/actions/config/commit-to-git.ts'
import { historyStore } from '../../src/core/config/history/index.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

/** What is plain text among the secrets of a template never gets into a commit. */

const TEMPLATE = `name: own
title: Own
description: One with a secret of its own.
main: web
parameters:
  - { name: API_TOKEN, description: A token, secret: true }
  - { name: TITLE, description: A title }
`

let world: TestWorld
let file: string
beforeEach(async () => {
  world = await testWorld('')
  const template = join(world.directory, 'templates', 'own')
  mkdirSync(template, { recursive: true })
  writeFileSync(join(template, 'template.yml'), TEMPLATE)
  writeFileSync(join(template, 'compose.yml'), 'services: { web: { image: "busybox:1" } }\n')
  execFileSync('git', ['init', '-q'], { cwd: world.directory })
  file = join(world.directory, 'config.yml')
})
afterEach(() => world.remove())

async function commit(text: string): Promise<readonly string[]> {
  writeFileSync(file, text)
  const store = historyStore(join(world.directory, 'config-backups'))
  const note = { at: new Date(), by: 'ada@lab', command: 'test', reason: null, kind: 'change' as const }
  await commitToGit(world, file, text, await store.noteOutside(Buffer.from(text), note))
  return world.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
}
const commits = () =>
  execFileSync('git', ['log', '--all', '--format=%s'], { cwd: world.directory, encoding: 'utf8' }).split('\n').length -
  1

it.each([
  ['a text', 'parameters: { API_TOKEN: a-plain-token }'],
  ['a number', 'parameters: { API_TOKEN: 123456 }'],
  ['one for an environment only', 'environments: { staging: { parameters: { API_TOKEN: a-plain-token } } }'],
])('a secret parameter of the template in plain text, %s: no commit, and that is told', async (_, line) => {
  expect((await commit(`version: 3.0.0\ntemplate: own\n${line}\n`)).at(-1)).toContain('it has a secret in plain text')
  expect(commits()).toBe(0)
})

it('where the template cannot be read any parameter may be one', async () => {
  const notices = await commit('version: 3.0.0\ntemplate: gone\nparameters: { TITLE: x }\n')
  expect(notices.at(-1)).toContain('it has a secret in plain text')
})

it('encrypted, empty or without secrets it is committed', async () => {
  const sealed = 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]'
  const text = `version: 3.0.0\ntemplate: own\nparameters: { API_TOKEN: '${sealed}', TITLE: x }\n`
  expect(await commit(text)).toEqual([])
  expect(commits()).toBe(1)
})
