import { describe, expect, it } from 'vitest'
import { currentEnvironment, readEnvironment } from '../../src/core/environment.ts'

const HOST = { user: 'me', hostname: 'lab', directory: '/srv' }

describe('the environment', () => {
  it('on Linux follows the XDG directories', () => {
    expect(readEnvironment({}, 'linux', '/home/me', HOST)).toEqual({
      platform: 'linux',
      home: '/home/me',
      user: 'me',
      hostname: 'lab',
      configHome: '/home/me/.config/ddalab',
      cacheHome: '/home/me/.cache/ddalab',
      logDir: '/home/me/.config/ddalab/logs',
      xdgRuntimeDir: undefined,
      dockerHost: undefined,
      dockerContext: undefined,
      dockerConfigDir: '/home/me/.docker',
      dockerCertPath: undefined,
      dockerTlsVerify: false,
      sopsAgeKey: undefined,
      sopsAgeKeyFile: undefined,
      sopsDefaultKeyFile: '/home/me/.config/sops/age/keys.txt',
      isCi: false,
      noColor: false,
    })
    expect(
      readEnvironment({ XDG_CONFIG_HOME: '/c', XDG_CACHE_HOME: '/k', XDG_RUNTIME_DIR: '/run/user/1' }, 'linux', '/h'),
    ).toMatchObject({
      configHome: '/c/ddalab',
      cacheHome: '/k/ddalab',
      logDir: '/c/ddalab/logs',
      xdgRuntimeDir: '/run/user/1',
    })
  })

  it('ignores a relative XDG directory, as its specification says, and an empty variable', () => {
    const { configHome, dockerHost } = readEnvironment({ XDG_CONFIG_HOME: 'c', DOCKER_HOST: '' }, 'linux', '/h')
    expect(configHome).toBe('/h/.config/ddalab')
    expect(dockerHost).toBeUndefined()
  })

  it('knows the variables of sops, and where sops looks by itself', () => {
    const env = { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1', SOPS_AGE_KEY_FILE: 'key.txt' }
    expect(readEnvironment(env, 'linux', '/h', HOST)).toMatchObject({
      sopsAgeKey: 'AGE-SECRET-KEY-1',
      sopsAgeKeyFile: '/srv/key.txt',
    })
    const keyFile = (platform: NodeJS.Platform, home: string, variables = {}) =>
      readEnvironment(variables, platform, home).sopsDefaultKeyFile
    expect(keyFile('linux', '/h', { XDG_CONFIG_HOME: '/c' })).toBe('/c/sops/age/keys.txt')
    expect(keyFile('darwin', '/h')).toBe('/h/Library/Application Support/sops/age/keys.txt')
    expect(keyFile('darwin', '/h', { XDG_CONFIG_HOME: '/c' })).toBe('/c/sops/age/keys.txt')
    expect(keyFile('win32', 'C:\\me')).toBe('C:\\me\\AppData\\Roaming\\sops\\age\\keys.txt')
  })

  it('on macOS logs where the system keeps logs', () => {
    expect(readEnvironment({}, 'darwin', '/Users/me')).toMatchObject({
      configHome: '/Users/me/.config/ddalab',
      cacheHome: '/Users/me/Library/Caches/ddalab',
      logDir: '/Users/me/Library/Logs/ddalab',
    })
  })

  it('on Windows follows APPDATA', () => {
    const home = 'C:\\Users\\me'
    expect(readEnvironment({ USERNAME: 'me' }, 'win32', home)).toMatchObject({
      user: 'me',
      configHome: 'C:\\Users\\me\\AppData\\Roaming\\ddalab',
      cacheHome: 'C:\\Users\\me\\AppData\\Local\\ddalab\\cache',
      logDir: 'C:\\Users\\me\\AppData\\Roaming\\ddalab\\logs',
      dockerConfigDir: 'C:\\Users\\me\\.docker',
    })
    expect(readEnvironment({ APPDATA: 'D:\\A', LOCALAPPDATA: 'D:\\L' }, 'win32', home)).toMatchObject({
      configHome: 'D:\\A\\ddalab',
      cacheHome: 'D:\\L\\ddalab\\cache',
      logDir: 'D:\\A\\ddalab\\logs',
    })
  })

  it.each(['linux', 'darwin', 'win32'] as const)('on %s DDALAB_HOME holds everything', (platform) => {
    const directory = platform === 'win32' ? 'D:\\lab' : '/lab'
    const separator = platform === 'win32' ? '\\' : '/'
    expect(
      readEnvironment({ DDALAB_HOME: directory, XDG_CONFIG_HOME: '/c', APPDATA: 'D:\\A' }, platform, directory),
    ).toMatchObject({
      configHome: directory,
      cacheHome: `${directory}${separator}cache`,
      logDir: `${directory}${separator}logs`,
    })
  })

  it('takes a relative DDALAB_HOME from the working directory', () => {
    expect(readEnvironment({ DDALAB_HOME: './lab' }, 'linux', '/h', HOST).configHome).toBe('/srv/lab')
  })

  it('reads what the docker command line reads', () => {
    expect(
      readEnvironment(
        {
          DOCKER_HOST: 'tcp://10.0.0.1:2376',
          DOCKER_CONTEXT: 'lab',
          DOCKER_CONFIG: '/etc/docker-cli',
          DOCKER_CERT_PATH: 'certs',
          DOCKER_TLS_VERIFY: '0',
        },
        'linux',
        '/h',
        HOST,
      ),
    ).toMatchObject({
      dockerHost: 'tcp://10.0.0.1:2376',
      dockerContext: 'lab',
      dockerConfigDir: '/etc/docker-cli',
      dockerCertPath: '/srv/certs',
      dockerTlsVerify: true,
    })
  })

  it.each([
    [{ CI: 'true' }, { isCi: true }],
    [{ CI: 'false' }, { isCi: false }],
    [{ NO_COLOR: '1' }, { noColor: true }],
    [{ NO_COLOR: '' }, { noColor: false }],
    [{ TERM: 'dumb' }, { noColor: true }],
    [{ USER: 'one', LOGNAME: 'two' }, { user: 'one' }],
  ])('understands %o', (variables, expected) => {
    expect(readEnvironment(variables, 'linux', '/h')).toMatchObject(expected)
  })

  it('of this process can be read', () => {
    expect(currentEnvironment().platform).toBe(process.platform)
  })
})
