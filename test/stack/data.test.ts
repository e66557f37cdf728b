import { describe, expect, test } from 'vitest'
import { DdalabError } from '../../src/core/errors.ts'
import { compileText, ddalabConfig } from './compiling.ts'
import { withFilesAsync } from './compose-oracle.ts'

const metadata = 'name: small\ntitle: Small\ndescription: For a test.\nmain: web\n'
const compose = `services:
  web: { image: app, volumes: ["files:/srv", "/etc:/etc:ro", "/anonymous", "shared:/a"] }
  other: { image: app, volumes: ["shared:/b", "read:/c:ro"] }
volumes: { files: , shared: , read: }
`

/** The data of a stack of a template with this section. */
async function dataOf(section: string) {
  return withFilesAsync(
    { 'small/template.yml': metadata + section, 'small/compose.yml': compose },
    async (directory) => {
      const { stack } = await compileText('version: 3.0.0\ntemplate: small', { directory })
      return stack.data
    },
  )
}

async function refusal(section: string): Promise<string> {
  const thrown = await dataOf(section).catch((error: unknown) => error)
  if (!(thrown instanceof DdalabError)) throw new Error('it was accepted')
  expect(thrown.code).toBe('TEMPLATE_INVALID')
  return [thrown.message, ...(thrown.options.problems ?? []).map(({ message }) => message)].join('\n')
}

describe('the data of a stack', () => {
  test('of DDALAB: database, cache, objects and files; dashboards only where Grafana runs', async () => {
    const { stack } = await compileText(
      ddalabConfig('storage: {minio: {bucketName: mine, secretKey: x}}').replace(/^storage.*\n/m, ''),
    )
    expect(stack.data).toEqual([
      { name: 'database', kind: 'postgres', service: 'postgres', variables: {} },
      { name: 'cache', kind: 'redis', service: 'redis', variables: {} },
      { name: 'objects', kind: 's3', service: 'minio', path: '/data', bucket: 'mine' },
      { name: 'files', kind: 'volume', service: 'ddalab', path: '/app/data', live: true },
    ])
  })

  test('of a template that says nothing: every named volume once, none that is only read', async () => {
    expect(await dataOf('')).toEqual([
      { name: 'shared', kind: 'volume', service: 'other', path: '/b', live: false },
      { name: 'files', kind: 'volume', service: 'web', path: '/srv', live: false },
    ])
    expect(await dataOf('data: []\n')).toEqual([])
  })

  test('is found where the template has its volume, also when the config puts another one or a folder there', async () => {
    const { stack } = await compileText(
      ddalabConfig('docker: {volumes: {/srv/eeg: /app/data}, volumeNames: {minio-data: /srv/s3}}'),
    )
    const places = stack.data?.filter(({ path }) => path !== undefined).map(({ name, path }) => [name, path])
    expect(places).toEqual([
      ['objects', '/data'],
      ['files', '/app/data'],
    ])
  })

  test('names services and volumes that are there, and each part by a name of its own', async () => {
    expect(await refusal('data: [{ name: a, kind: redis, service: cache }]\n')).toContain('names the service cache')
    const elsewhere = 'data: [{ name: a, kind: volume, service: web, volume: read }]\n'
    expect(await refusal(elsewhere)).toContain('a volume that web does not mount')
    const twice = 'data: [{ name: a, kind: redis, service: web }, { name: a, kind: redis, service: web }]\n'
    expect(await refusal(twice)).toContain('two entries of data have the name a')
    expect(await refusal('data: [{ name: ../a, kind: redis, service: web }]\n')).toContain('data[0].name')
  })
})
