import { describe, expect, it } from 'vitest'
import {
  type Config,
  type EnvironmentName,
  formatPath,
  inEnvironment,
  parseConfig,
  parsePath,
  writtenAt,
} from '../../src/core/config/index.ts'
import { complaints } from './support.ts'

const valid = (text: string) => parseConfig(text, 'config.yml').document.config

describe('environments in one file', () => {
  it('are partial configs, checked like the rest, each mistake at its place', () => {
    expect(
      complaints(`version: 3.0.0
environments:
  prod: {}
  staging:
    template: demo
    api: { port: http, prot: 1 }
  production: { secretVariables: { TOKEN: 5 } }
`),
    ).toEqual([
      '3:3 environments.prod is not a setting | Did you mean environments.production?',
      expect.stringContaining(
        '5:5 environments.staging.template is not a setting | Known in environments.staging: api',
      ),
      '6:18 environments.staging.api.port must be a port, a whole number from 1 to 65535 | What it is: Port of the API.',
      '6:24 environments.staging.api.prot is not a setting | Did you mean environments.staging.api.port?',
      '7:43 environments.production.secretVariables.TOKEN must be a text | Put the value in quotes.',
    ])
  })

  it('replace settings and never take one away: null is refused, as in the rest of the file', () => {
    expect(
      complaints(`version: 3.0.0
ingress: { domain: lab.example.org }
environments:
  staging:
    ingress: { domain: null }
    api: null
web: null
`),
    ).toEqual([
      expect.stringMatching(/^5:24 .*domain must be .* \| An overlay cannot take a setting away: give it the value/),
      expect.stringMatching(/^6:10 .*api must be .* \| An overlay cannot take a setting away/),
      expect.stringMatching(/^7:6 web must be .* \| Give it a value, or remove the line\.$/),
    ])
  })

  it('are settings of version 3.0.0', () => {
    expect(complaints('version: 2.0.0\nenvironments: {}\nvariables: {}\nsecretVariables: {}\n')).toHaveLength(3)
  })

  it('are judged by the rules over several fields, each with the rest of the file', () => {
    expect(
      complaints(`version: 3.0.0
api: { port: 8001 }
environments:
  staging:
    web: { port: 8001 }
  development:
    auth: { mode: oauth, oauth: { clientId: x, clientSecret: y } }
`),
    ).toEqual([
      '5:18 In staging: web.port is 8001, and so is api.port | Give each its own port.',
      '7:26 In development: auth.oauth.issuer is missing; it is needed by auth.mode oauth | Set auth.oauth.issuer.',
    ])
  })

  it('do not repeat what is wrong without them', () => {
    const text = `version: 3.0.0
api: { port: 8001 }
web: { port: 8001 }
environments: { staging: { profiles: [] }, development: { profiles: [] }, production: { profiles: [] } }
`
    expect(complaints(text)).toEqual(['3:14 web.port is 8001, and so is api.port | Give each its own port.'])
  })

  it('may bring what the rest of the file lacks', () => {
    const text = `version: 3.0.0
auth: { mode: oauth, oauth: { clientId: x, clientSecret: y } }
environments: { production: { auth: { oauth: { issuer: 'https://id.example.org' } } } }
`
    expect(valid(text).auth?.mode).toBe('oauth')
    expect(complaints(text.replace('environments', 'environment: staging\nenvironments'))).toHaveLength(1)
  })

  it('may hold published passwords, which are warned of', () => {
    const { warnings } = parseConfig(
      `version: 3.0.0
secretVariables: { A: changeme }
environments:
  staging: { database: { password: postgres } }
`,
      'config.yml',
    )
    expect(warnings.map(({ place }) => place?.line)).toEqual([2, 4])
  })
})

describe('what a file says for one environment', () => {
  const config: Config = {
    version: '3.0.0',
    api: { port: 1, host: 'a' },
    environments: { staging: { api: { port: 2 } }, development: { web: { port: 3 } } },
  }

  it('is its overlay over the rest', () => {
    expect(inEnvironment(config, 'staging')).toEqual({
      version: '3.0.0',
      environment: 'staging',
      api: { port: 2, host: 'a' },
    })
    expect(inEnvironment(config, 'production').api?.port).toBe(1)
  })

  it('is written where it was found, or where it would have to be', () => {
    const place = (environment: EnvironmentName, path: string) =>
      formatPath(writtenAt(config, environment, parsePath(path)))
    expect(place('staging', 'api.port')).toBe('environments.staging.api.port')
    expect(place('staging', 'api.host')).toBe('api.host')
    expect(place('staging', 'auth.mode')).toBe('environments.staging.auth.mode')
    expect(place('production', 'auth.mode')).toBe('auth.mode')
  })
})
