import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type EnvEdits, type EnvSubject, setEdits, unsetEdits } from '../../src/core/actions/config/env-edits.ts'
import { editText, formatPath, parseConfig, parseDocument } from '../../src/core/config/index.ts'
import { loadTemplate } from '../../src/core/stack/index.ts'
import { templatesDir } from '../stack/compiling.ts'
import { errorOf } from '../support/errors.ts'

const template = await loadTemplate(join(templatesDir, 'ddalab'))
const FILE = 'deployment-config.yml'

/** A config as it is written, and for which environment it is to be changed. */
const subject = (text: string, environment?: EnvSubject['environment']): EnvSubject => ({
  data: parseDocument(`version: 3.0.0\n${text}`, FILE).data,
  template,
  environment,
})
const named = (assignments: readonly string[]) =>
  assignments.map((text) => ({ name: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }))
const lines = ({ edits }: EnvEdits) =>
  edits.map(({ path, value }) => `${formatPath(path)} = ${value === undefined ? 'gone' : JSON.stringify(value)}`)
const set = (text: string, ...assignments: readonly string[]) => lines(setEdits(subject(text), named(assignments)))
const setSecret = (text: string, ...assignments: readonly string[]) =>
  lines(setEdits(subject(text), [], named(assignments)))
const unset = (text: string, ...names: readonly string[]) => lines(unsetEdits(subject(text), names))
const refusal = (call: () => unknown) => {
  const { code, message, options } = errorOf(call)
  return `${code}: ${message} | ${options.hint}`
}

describe('env set', () => {
  it('sets the setting that a name is mapped to, with its type', () => {
    expect(set('', 'DDALAB_API_PORT=8002', 'DDALAB_ALLOWED_DIRS=/a, /b', 'MINIO_USE_SSL=true')).toEqual([
      'api.port = 8002',
      'storage.allowedDirs = ["/a","/b"]',
      'storage.minio.useSSL = true',
    ])
  })

  it('knows the other names under which the template gives the same setting', () => {
    expect(set('', 'DB_HOST=db.example.org', 'POSTGRES_USER=lab', 'LDAP_BIND_DN=cn=a')).toEqual([
      'database.host = "db.example.org"',
      'database.user = "lab"',
      'auth.ldap.bindDn = "cn=a"',
    ])
  })

  it('overrides what the template makes of several settings, or of none', () => {
    expect(set('', 'API_ORIGIN=http://api', 'MINIO_HOST=s3:9000', 'MINIO_PROMETHEUS_AUTH_TYPE=jwt')).toEqual([
      'docker.environmentOverrides.API_ORIGIN = "http://api"',
      'docker.environmentOverrides.MINIO_HOST = "s3:9000"',
      'docker.environmentOverrides.MINIO_PROMETHEUS_AUTH_TYPE = "jwt"',
    ])
  })

  it("writes every other name to the user's own variables", () => {
    expect(set('', 'OWN=a=b $DDALAB_API_PORT', 'EMPTY=')).toEqual([
      'variables.OWN = "a=b $DDALAB_API_PORT"',
      'variables.EMPTY = ""',
    ])
  })

  it('changes an override where there is one: nothing else would have an effect', () => {
    expect(set('docker: {environmentOverrides: {DDALAB_API_PORT: 1, OWN: x}}', 'DDALAB_API_PORT=2', 'OWN=y')).toEqual([
      'docker.environmentOverrides.DDALAB_API_PORT = 2',
      'docker.environmentOverrides.OWN = "y"',
    ])
  })

  it('keeps what Compose would take for its own out of .env', () => {
    expect(set('', 'COMPOSE_PROFILES=x')).toEqual(['docker.environmentOverrides.COMPOSE_PROFILES = "x"'])
  })

  it('writes into what holds for one environment when it is told to', () => {
    const { edits } = setEdits(subject('', 'staging'), named(['DDALAB_API_PORT=8002', 'OWN=x']))
    expect(edits.map(({ path }) => formatPath(path))).toEqual([
      'environments.staging.api.port',
      'environments.staging.variables.OWN',
    ])
  })

  it('says when something else comes before what was set', () => {
    const text = 'environment: staging\nenvironments: {staging: {api: {port: 1}}, production: {web: {port: 2}}}'
    const { warnings, changes } = setEdits(subject(text), named(['DDALAB_API_PORT=8002', 'DDALAB_WEB_PORT=3001']))
    expect(changes).toEqual([
      { name: 'DDALAB_API_PORT', path: 'api.port' },
      { name: 'DDALAB_WEB_PORT', path: 'web.port' },
    ])
    expect(warnings).toEqual([
      'environments.staging.api.port comes before api.port; change that with --environment staging',
    ])
  })

  it('refuses a value that does not fit, a name that is none, and a text that Compose could not read', () => {
    expect(refusal(() => set('', 'DDALAB_API_PORT=http'))).toContain('USAGE: api.port must be a port')
    expect(refusal(() => set('', '1X=1'))).toContain('USAGE: "1X" cannot be the name of a variable')
    expect(refusal(() => set('', 'OWN=${'))).toContain('USAGE: OWN: invalid interpolation format "${"')
  })
})

describe('secrets', () => {
  it('are refused on the command line, under each name and once they are secret', () => {
    for (const name of ['DDALAB_DB_PASSWORD', 'POSTGRES_PASSWORD', 'GRAFANA_ADMIN_PASSWORD', 'NEXTAUTH_SECRET']) {
      expect(refusal(() => set('', `${name}=hunter2`))).toBe(
        `USAGE: ${name} is a secret and must not be on the command line. | Give it in a file or on stdin: --secret-file ${name}=PATH, or --secret-file ${name}=- with the value piped in.`,
      )
    }
    expect(refusal(() => set('secretVariables: {TOKEN: x}', 'TOKEN=hunter2'))).toContain('TOKEN is a secret')
    expect(refusal(() => set('environments: {staging: {secretVariables: {TOKEN: x}}}', 'TOKEN=hunter2'))).toContain(
      'TOKEN is a secret',
    )
  })

  it('come in a file: to their setting, or to the secret variables, with no other value left beside', () => {
    expect(setSecret('', 'POSTGRES_PASSWORD=$x', 'TOKEN=a${b')).toEqual([
      'database.password = "$x"',
      'secretVariables.TOKEN = "a${b"',
    ])
    expect(setSecret('variables: {TOKEN: open}\nenvironments: {staging: {variables: {TOKEN: 1}}}', 'TOKEN=x')).toEqual([
      'variables.TOKEN = gone',
      'environments.staging.variables.TOKEN = gone',
      'secretVariables.TOKEN = "x"',
    ])
  })

  it('are not written where nothing is encrypted', () => {
    expect(refusal(() => setSecret('', 'API_ORIGIN=x'))).toBe(
      'USAGE: API_ORIGIN could only be in docker.environmentOverrides, where no secret is kept | Set what it is made of: api.port.',
    )
  })

  it('are in no message', () => {
    expect(refusal(() => setSecret('', '1X=hunter2'))).not.toContain('hunter2')
    expect(refusal(() => set('', 'DDALAB_DB_PASSWORD=hunter2'))).not.toContain('hunter2')
  })
})

describe('env unset', () => {
  it('takes a variable out wherever it is set', () => {
    const text = `api: {port: 1}
docker: {environmentOverrides: {DDALAB_API_PORT: 2, OWN: x}}
variables: {OWN: y}
secretVariables: {TOKEN: z}`
    expect(unset(text, 'DDALAB_API_PORT', 'OWN', 'TOKEN')).toEqual([
      'docker.environmentOverrides.DDALAB_API_PORT = gone',
      'api.port = gone',
      'docker.environmentOverrides.OWN = gone',
      'variables.OWN = gone',
      'secretVariables.TOKEN = gone',
    ])
  })

  it('leaves alone what has its default already', () => {
    expect(unset('', 'DDALAB_API_PORT', 'API_ORIGIN')).toEqual([])
  })

  it('is for one environment when it is told so', () => {
    const text = 'variables: {OWN: 1}\nenvironments: {staging: {variables: {OWN: 2, ONLY: 3}}}'
    expect(lines(unsetEdits(subject(text, 'staging'), ['OWN']))).toEqual(['environments.staging.variables.OWN = gone'])
    expect(refusal(() => unset(text, 'ONLY'))).toBe(
      'USAGE: ONLY is not set there, but as environments.staging.variables.ONLY | Say for which environment: --environment NAME, or leave that out.',
    )
  })

  it('asks what was meant by a name that nobody knows', () => {
    expect(refusal(() => unset('variables: {MY_TOKEN: 1}', 'MY_TOKN'))).toBe(
      'USAGE: There is no variable MY_TOKN | Did you mean MY_TOKEN?',
    )
  })
})

describe('what is set', () => {
  it('can be read back from the file, and taken out again', () => {
    const before = '# mine\nversion: 3.0.0\napi:\n  port: 8001 # the usual one\n'
    const own: EnvSubject = { data: parseDocument(before, FILE).data, template }
    const { edits } = setEdits(own, named(['DDALAB_API_PORT=8002', "OWN=it's # 5"]), named(['TOKEN=secret\nline']))
    const after = editText(before, edits, FILE)
    const { config } = parseConfig(after, FILE).document
    expect(config).toMatchObject({
      api: { port: 8002 },
      variables: { OWN: "it's # 5" },
      secretVariables: { TOKEN: 'secret\nline' },
    })
    expect(after).toContain('port: 8002 # the usual one')

    const changed: EnvSubject = { data: parseDocument(after, FILE).data, template }
    const back = parseConfig(editText(after, unsetEdits(changed, ['OWN', 'TOKEN']).edits, FILE), FILE)
    expect(back.document.config.variables ?? {}).toEqual({})
    expect(back.document.config.secretVariables ?? {}).toEqual({})
  })
})
