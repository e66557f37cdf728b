import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { get, getPath, parsePath, resolveConfig } from '../../src/core/config/index.ts'
import { anyConfig } from './support.ts'

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

  it('keeps every value of the file, and knows an origin for every value', () => {
    fc.assert(
      fc.property(anyConfig(), anyConfig(), (document, { version: _, template: __, environment: ___, ...all }) => {
        const { config, origin, paths } = resolveConfig(document, { all })
        expect(resolveConfig(document, {}).config).toEqual({
          template: 'ddalab',
          environment: 'production',
          ...document,
        })
        for (const path of paths) {
          const source =
            origin(path) === 'file' ? document : { template: 'ddalab', ...all, environment: config.environment }
          expect(get(config, path)).toEqual(getPath(source, parsePath(path)))
        }
      }),
    )
  })
})
