import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Config,
  type ConfigDefaults,
  defaultsSchema,
  ENVIRONMENTS,
  get,
  getPath,
  parsePath,
  resolveConfig,
} from '../../src/core/config/index.ts'
import { anyConfig } from './support.ts'

/** What a template could have as defaults. */
const anyDefaults = (): fc.Arbitrary<ConfigDefaults> =>
  anyConfig().map((config) => {
    const known = Object.entries(config).filter(([key]) => Object.hasOwn(defaultsSchema.shape, key))
    return defaultsSchema.parse(Object.fromEntries(known))
  })

const DEFAULTS = {
  all: {
    api: { host: '0.0.0.0', port: 8001 },
    storage: { allowedDirs: ['/app/data', '/more'] },
    docker: { volumes: { data: '/data' } },
  },
  development: { api: { host: '127.0.0.1' } },
  production: { ssl: { enabled: true } },
}

describe('a resolved config', () => {
  it("is the template's defaults, over them those of the environment, over them the file", () => {
    const { config, origin, environment } = resolveConfig(
      {
        version: '3.0.0',
        environment: 'development',
        api: { port: 9001 },
        docker: { volumes: { '/srv/x.y': '/more' } },
      },
      DEFAULTS,
    )
    expect(environment).toBe('development')
    expect(config).toEqual({
      version: '3.0.0',
      template: 'ddalab',
      environment: 'development',
      api: { host: '127.0.0.1', port: 9001 },
      storage: { allowedDirs: ['/app/data', '/more'] },
      docker: { volumes: { data: '/data', '/srv/x.y': '/more' } },
    })
    expect(origin('api.port')).toBe('file')
    expect(origin('api.host')).toBe('environment default')
    expect(origin('storage.allowedDirs')).toBe('default')
    expect(origin('docker.volumes.data')).toBe('default')
    expect(origin('docker.volumes."/srv/x.y"')).toBe('file')
    expect(origin('template')).toBe('default')
    expect(origin('environment')).toBe('file')
    expect(origin('api')).toBeUndefined()
    expect(origin('web.port')).toBeUndefined()
  })

  it('is for production when the file names no environment', () => {
    const { config, environment, origin } = resolveConfig({ version: '3.0.0' }, DEFAULTS)
    expect(environment).toBe('production')
    expect(config.ssl).toEqual({ enabled: true })
    expect(config.environment).toBe('production')
    expect(origin('environment')).toBe('default')
  })

  it('replaces a list as a whole', () => {
    const { config } = resolveConfig({ version: '3.0.0', storage: { allowedDirs: ['/only'] } }, DEFAULTS)
    expect(config.storage?.allowedDirs).toEqual(['/only'])
  })

  it('is over all of that what the file says for the environment', () => {
    const document: Config = {
      version: '3.0.0',
      environment: 'development',
      api: { port: 9001 },
      profiles: ['a'],
      variables: { A: 1, B: 2 },
      environments: {
        development: { api: { port: 9002 }, profiles: ['b', 'c'], variables: { B: 3 }, storage: { allowedDirs: [] } },
        staging: { api: { port: 9003 } },
      },
    }
    const { config, origin, paths } = resolveConfig(document, DEFAULTS)
    expect(config).toEqual({
      version: '3.0.0',
      template: 'ddalab',
      environment: 'development',
      api: { host: '127.0.0.1', port: 9002 },
      profiles: ['b', 'c'],
      variables: { A: 1, B: 3 },
      storage: { allowedDirs: [] },
      docker: { volumes: { data: '/data' } },
    })
    expect(paths.map((path) => `${path} ${origin(path)}`)).toEqual([
      'api.host environment default',
      'api.port overlay',
      'storage.allowedDirs overlay',
      'docker.volumes.data default',
      'version file',
      'template default',
      'environment file',
      'profiles overlay',
      'variables.A file',
      'variables.B overlay',
    ])
    expect(origin('profiles[1]')).toBe('overlay')
  })

  it('is for the environment that is asked for, whatever the file says', () => {
    const document: Config = {
      version: '3.0.0',
      environment: 'staging',
      environments: { staging: { api: { port: 1 } }, development: { api: { port: 2 } } },
    }
    const { config, environment, origin } = resolveConfig(document, DEFAULTS, 'development')
    expect(environment).toBe('development')
    expect(config.environment).toBe('development')
    expect(config.api).toEqual({ host: '127.0.0.1', port: 2 })
    expect(origin('environment')).toBe('command line')
    expect(resolveConfig(document, DEFAULTS, 'production').config.api).toEqual({ host: '0.0.0.0', port: 8001 })
  })

  it('keeps every value of the file, and knows for every value where it comes from', () => {
    const asked = fc.option(fc.constantFrom(...ENVIRONMENTS), { nil: undefined })
    fc.assert(
      fc.property(anyConfig(), anyDefaults(), anyDefaults(), asked, (document, all, here, environment) => {
        const { config, origin, paths } = resolveConfig(document, { all, staging: here }, environment)
        const { environments, ...file } = document
        const layers = {
          default: { template: 'ddalab', environment: 'production', ...all },
          'environment default': here,
          file,
          overlay: environments?.[config.environment ?? 'production'],
          'command line': { environment },
        }
        for (const path of paths) {
          const source = origin(path)
          expect(source).toBeDefined()
          expect(get(config, path)).toEqual(getPath(layers[source ?? 'file'], parsePath(path)))
        }
        expect(config).not.toHaveProperty('environments')
        expect(Object.keys(config)).toEqual(expect.arrayContaining(Object.keys(file)))
      }),
    )
  })
})
