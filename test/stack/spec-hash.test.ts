import { describe, expect, test } from 'vitest'
import { readComposeFile } from '../../src/core/stack/compose/index.ts'
import type { GeneratedFile, Stack } from '../../src/core/stack/model.ts'
import { serviceHash } from '../../src/core/stack/spec-hash.ts'

function stack(web: string, more = '', files: readonly GeneratedFile[] = []): Stack {
  const compose = readComposeFile(`services: {web: {image: app:1, ${web}}, db: {image: db}}\n${more}`, {
    file: 'compose.yml',
    project: 'lab',
    workingDir: '/srv',
    home: '/home/lab',
    lookup: () => undefined,
    profiles: [],
    readFile: () => undefined,
  })
  expect(compose.findings).toEqual([])
  return { ...compose, workingDir: '/srv', files, probes: [], secretValues: [] }
}

function hash(...input: Parameters<typeof stack>) {
  const made = stack(...input)
  const { web } = made.services
  if (web === undefined) throw new Error('no service web')
  return serviceHash(made, web)
}

/** The words of the sections that differ. */
function changed(before: ReturnType<typeof hash>, after: ReturnType<typeof hash>): readonly string[] {
  const names = [...new Set([...Object.keys(before.sections), ...Object.keys(after.sections)])]
  const words = names.filter((name) => before.sections[name] !== after.sections[name])
  expect(before.hash === after.hash).toBe(words.length === 0)
  return words
}

const file = (content: string, reloadable: boolean): GeneratedFile => ({
  path: 'routes',
  content,
  secret: false,
  services: ['web'],
  reloadable,
})

describe('the hash of a service', () => {
  test('is not that of a service of the same name in a changed copy of the stack', () => {
    const before = stack('environment: {A: 1}', '', [file('x', false)])
    const { web } = before.services
    if (web === undefined) throw new Error('no service web')
    const { hash } = serviceHash(before, web)
    expect(serviceHash({ ...before, files: [file('y', false)] }, web).hash).not.toBe(hash)
    expect(serviceHash(before, { ...web, image: 'app:2' }).hash).not.toBe(hash)
    expect(serviceHash(before, web).hash).toBe(hash)
  })

  test('is the same for the same meaning, in whatever order it is written', () => {
    expect(hash('environment: {A: 1, B: 2}, ports: ["80:80"]')).toEqual(
      hash('ports: [{target: 80, published: 80}], environment: [B=2, A=1]'),
    )
  })

  test.each([
    ['environment: {A: 1}', 'environment: {A: 2}', ['environment']],
    ['', 'platform: linux/arm64', ['image']],
    ['ports: ["80:80"]', 'ports: ["81:80"]', ['ports']],
    ['command: [a, b]', 'command: ["a b"]', ['command']],
    ['', 'entrypoint: []', ['command']],
    ['', 'read_only: true', ['options']],
    ['', 'restart: always', ['restart policy']],
    ['', 'healthcheck: {test: x}', ['health check']],
    ['', 'mem_limit: 1g', ['resources']],
    ['labels: [a]', 'labels: [b]', ['labels']],
    ['', 'logging: {driver: none}', ['logging']],
    ['', 'volumes: [/a]', ['volumes']],
    ['', 'network_mode: host', ['networks']],
  ])('{%s} to {%s} changes %j', (before, after, sections) => {
    expect(changed(hash(before), hash(after))).toEqual(sections)
  })

  test.each(['scale: 3', 'depends_on: [db]', 'pull_policy: always', 'deploy: {update_config: {order: start-first}}'])(
    '%s needs no new container',
    (after) => {
      expect(changed(hash(''), hash(after))).toEqual([])
    },
  )

  test('rule 38: the content of a config is part of it', () => {
    const config = (content: string) => hash('configs: [c]', `configs: {c: {content: "${content}"}}`)
    expect(changed(config('a'), config('b'))).toEqual(['configs'])
  })

  test('rule 38: the content of a generated file is part of it, unless the service reloads it', () => {
    expect(changed(hash('', '', [file('a', false)]), hash('', '', [file('b', false)]))).toEqual(['files'])
    expect(changed(hash('', '', [file('a', true)]), hash('', '', [file('b', true)]))).toEqual([])
  })

  test('a volume of another name is another volume', () => {
    const data = (name: string) => hash('volumes: [data:/d]', `volumes: {data: {name: ${name}}}`)
    expect(changed(data('a'), data('b'))).toEqual(['volumes'])
  })

  test('no hash of a single value stands in the label', () => {
    const { sections } = hash('environment: {PASSWORD: low, OTHER: x}')
    expect(Object.keys(sections)).toEqual(['image', 'environment', 'networks'])
  })
})
