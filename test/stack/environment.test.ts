import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseConfig, resolveConfig } from '../../src/core/config/index.ts'
import { type EnvironmentVariable, environmentVariables, loadTemplate } from '../../src/core/stack/index.ts'
import { ddalabConfig, secrets, templatesDir } from './compiling.ts'

async function variablesOf(text: string, directory = templatesDir): Promise<readonly EnvironmentVariable[]> {
  const { config } = parseConfig(text, 'deployment-config.yml').document
  const template = await loadTemplate(join(directory, config.template ?? 'ddalab'))
  const resolved = resolveConfig(config, template.defaults)
  return environmentVariables({ config: resolved, template, project: 'lab', workingDir: '/srv/lab' })
}

const find = (all: readonly EnvironmentVariable[], name: string) => all.filter((one) => one.name === name)

/** A template whose main service is `web`, with this Compose file. */
async function templateWith(compose: string, parameters: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ddalab-environment-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  await mkdir(join(home, 'own'))
  await writeFile(join(home, 'own', 'compose.yml'), compose)
  await writeFile(
    join(home, 'own', 'template.yml'),
    `name: own\ntitle: Own\ndescription: A test\nmain: web\nparameters: ${parameters}\n`,
  )
  return home
}

describe('the variables of a stack', () => {
  test('are mapped from settings, each with where these come from and who gets it', async () => {
    const all = await variablesOf(
      ddalabConfig('environment: staging\napi: {port: 8002}\nenvironments: {staging: {web: {port: 3100}}}'),
    )
    const mapped = { kind: 'mapped', secret: false }
    expect(find(all, 'DDALAB_API_PORT')).toEqual([
      { ...mapped, name: 'DDALAB_API_PORT', value: '8002', paths: ['api.port'], origin: 'file', services: ['ddalab'] },
    ])
    expect(find(all, 'DDALAB_WEB_PORT')).toMatchObject([{ value: '3100', origin: 'overlay' }])
    expect(find(all, 'POSTGRES_DB')).toMatchObject([
      { value: 'ddalab', paths: ['database.name'], origin: 'default', services: ['postgres'] },
    ])
    expect(find(all, 'MINIO_HOST')).toMatchObject([
      { value: 'minio:9000', kind: 'mapped', paths: ['storage.minio.host', 'storage.minio.port'] },
    ])
    // For the Compose file only, or without a value.
    expect(find(all, 'MINIO_SERVER')).toMatchObject([{ value: 'minio', services: [] }])
    expect(find(all, 'LDAP_BIND_DN')).toEqual([
      { ...mapped, name: 'LDAP_BIND_DN', value: null, paths: ['auth.ldap.bindDn'], origin: null, services: [] },
    ])
  })

  test('are the own ones, overrides, and what the template says by itself', async () => {
    const all = await variablesOf(
      ddalabConfig(
        'variables: {OWN: "${DDALAB_API_PORT}"}\nsecretVariables: {TOKEN: hunter2}\ndocker: {environmentOverrides: {DB_PORT: 6432, EXTRA: x}}',
      ),
    )
    expect(find(all, 'OWN')).toMatchObject([
      { kind: 'independent', value: '8001', paths: ['variables.OWN'], origin: 'file' },
    ])
    expect(find(all, 'TOKEN')).toMatchObject([{ kind: 'independent', secret: true, paths: ['secretVariables.TOKEN'] }])
    expect(find(all, 'DB_PORT')).toMatchObject([
      { kind: 'override', value: '6432', paths: ['docker.environmentOverrides.DB_PORT'] },
    ])
    expect(find(all, 'EXTRA')).toMatchObject([{ kind: 'override', value: 'x', services: ['ddalab'] }])
    expect(find(all, 'MINIO_PROMETHEUS_AUTH_TYPE')).toMatchObject([
      { kind: 'default', value: 'public', paths: [], origin: null, services: ['minio'] },
    ])
  })

  test('hold no secret, whatever it is made of', async () => {
    const all = await variablesOf(
      ddalabConfig('variables: {URL: "postgres://x:${DDALAB_DB_PASSWORD}@db"}\nsecretVariables: {TOKEN: hunter2}'),
    )
    const text = JSON.stringify(all)
    for (const value of ['hunter2', ...Object.values(secrets)])
      expect(text).not.toContain(JSON.stringify(value).slice(1, -1))
    expect(find(all, 'URL')).toMatchObject([{ value: 'postgres://x:••••••@db', secret: true }])
    expect(find(all, 'POSTGRES_PASSWORD')).toMatchObject([
      { value: '••••••', secret: true, paths: ['database.password'] },
    ])
  })

  test('are told once for all services that get the same, and apart where they differ', async () => {
    const directory = await templateWith(
      `services:
  web: {image: x, environment: [SAME=1, 'ALIAS=$P', BARE, "MINE=\${MINE:-none}"]}
  other: {image: x, environment: {SAME: 1, ALIAS: 'x-\${P}', P:}}
`,
      '[{name: P, description: P, default: p}]',
    )
    const all = await variablesOf('version: 3.0.0\ntemplate: own\nvariables: {BARE: b, MINE: m}', directory)
    expect(all.map(({ name, kind, value, services }) => `${name} ${kind} ${value} ${services}`)).toEqual([
      'ALIAS mapped p web',
      'ALIAS mapped x-p other',
      'BARE independent b web',
      'MINE independent m web',
      'P mapped p other',
      'SAME default 1 web,other',
    ])
  })
})
