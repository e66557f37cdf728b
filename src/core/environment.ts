import { homedir, hostname, userInfo } from 'node:os'
import { posix, win32 } from 'node:path'

/** What the surroundings tell the program, read once at the start and passed on. Paths are absolute. */
export interface Environment {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly user: string
  readonly hostname: string
  /** Instances and settings of the user: DDALAB_HOME, else where the system keeps such things. */
  readonly configHome: string
  /** What may be deleted at any time. */
  readonly cacheHome: string
  /** The program's own logs. */
  readonly logDir: string
  readonly xdgRuntimeDir: string | undefined
  /** DOCKER_HOST. */
  readonly dockerHost: string | undefined
  /** DOCKER_CONTEXT. */
  readonly dockerContext: string | undefined
  /** DOCKER_CONFIG, else `~/.docker`. */
  readonly dockerConfigDir: string
  /** DOCKER_CERT_PATH. */
  readonly dockerCertPath: string | undefined
  /** As the docker command line has it: any value of DOCKER_TLS_VERIFY but the empty one. */
  readonly dockerTlsVerify: boolean
  /** SOPS_AGE_KEY: age identities. A secret. */
  readonly sopsAgeKey: string | undefined
  /** SOPS_AGE_KEY_FILE. */
  readonly sopsAgeKeyFile: string | undefined
  /** Where sops keeps age identities when no variable says otherwise. */
  readonly sopsDefaultKeyFile: string
  /** HTTPS_PROXY or https_proxy: may have a password in it. */
  readonly httpsProxy: string | undefined
  /** NO_PROXY or no_proxy. */
  readonly noProxy: string | undefined
  /** VISUAL, else EDITOR: a command line for a shell. */
  readonly editor: string | undefined
  readonly isCi: boolean
  /** NO_COLOR (https://no-color.org) or a dumb terminal. */
  readonly noColor: boolean
}

export interface Variables {
  readonly [name: string]: string | undefined
}

/** Facts of the system that stand in no variable. */
export interface Host {
  readonly user: string
  readonly hostname: string
  /** Where relative paths start. */
  readonly directory: string
}

/** The environment that variables and facts describe. Pure; an empty variable counts as absent. */
export function readEnvironment(
  env: Variables,
  platform: NodeJS.Platform,
  home: string,
  host: Host = { user: 'unknown', hostname: 'localhost', directory: home },
): Environment {
  const value = (name: string) => (env[name] === '' ? undefined : env[name])
  const path = platform === 'win32' ? win32 : posix
  const fromHere = (directory: string | undefined) =>
    directory === undefined ? undefined : path.join(path.isAbsolute(directory) ? '' : host.directory, directory)
  return {
    platform,
    home,
    // Most commands do not ask for it, and the system may have to ask a directory service.
    get user() {
      return value('USER') ?? value('LOGNAME') ?? value('USERNAME') ?? host.user
    },
    hostname: host.hostname,
    ...directories(value, platform, home, fromHere(value('DDALAB_HOME')), path),
    xdgRuntimeDir: value('XDG_RUNTIME_DIR'),
    dockerHost: value('DOCKER_HOST'),
    dockerContext: value('DOCKER_CONTEXT'),
    dockerConfigDir: fromHere(value('DOCKER_CONFIG')) ?? path.join(home, '.docker'),
    dockerCertPath: fromHere(value('DOCKER_CERT_PATH')),
    dockerTlsVerify: value('DOCKER_TLS_VERIFY') !== undefined,
    sopsAgeKey: value('SOPS_AGE_KEY'),
    sopsAgeKeyFile: fromHere(value('SOPS_AGE_KEY_FILE')),
    sopsDefaultKeyFile: path.join(sopsHome(value, platform, home, path), 'sops', 'age', 'keys.txt'),
    httpsProxy: value('https_proxy') ?? value('HTTPS_PROXY'),
    noProxy: value('no_proxy') ?? value('NO_PROXY'),
    editor: value('VISUAL') ?? value('EDITOR'),
    isCi: !['false', '0', undefined].includes(value('CI')),
    noColor: value('NO_COLOR') !== undefined || value('TERM') === 'dumb',
  }
}

/** With DDALAB_HOME everything is in that one directory; otherwise where each system wants it. */
function directories(
  value: (name: string) => string | undefined,
  platform: NodeJS.Platform,
  home: string,
  ownHome: string | undefined,
  path: typeof posix,
): Pick<Environment, 'configHome' | 'cacheHome' | 'logDir'> {
  const inside = (directory: string) => ({ configHome: directory, logDir: path.join(directory, 'logs') })
  if (ownHome !== undefined) return ownDirectories(ownHome, path)
  // XDG Base Directory Specification: a relative path is invalid and is ignored.
  const base = (name: string, ...otherwise: readonly string[]) => {
    const directory = value(name)
    return directory !== undefined && path.isAbsolute(directory) ? directory : path.join(home, ...otherwise)
  }
  if (platform === 'win32') {
    return {
      ...inside(path.join(base('APPDATA', 'AppData', 'Roaming'), 'ddalab')),
      cacheHome: path.join(base('LOCALAPPDATA', 'AppData', 'Local'), 'ddalab', 'cache'),
    }
  }
  const common = inside(path.join(base('XDG_CONFIG_HOME', '.config'), 'ddalab'))
  if (platform !== 'darwin') return { ...common, cacheHome: path.join(base('XDG_CACHE_HOME', '.cache'), 'ddalab') }
  return {
    ...common,
    cacheHome: path.join(base('XDG_CACHE_HOME', 'Library', 'Caches'), 'ddalab'),
    logDir: path.join(home, 'Library', 'Logs', 'ddalab'),
  }
}

/** The directory of user settings as Go's library has it (`os.UserConfigDir`), with the exception that sops makes on macOS. */
function sopsHome(
  value: (name: string) => string | undefined,
  platform: NodeJS.Platform,
  home: string,
  path: typeof posix,
): string {
  if (platform === 'win32') return value('APPDATA') ?? path.join(home, 'AppData', 'Roaming')
  return (
    value('XDG_CONFIG_HOME') ??
    path.join(home, ...(platform === 'darwin' ? ['Library', 'Application Support'] : ['.config']))
  )
}

function ownDirectories(directory: string, path: typeof posix) {
  return {
    configHome: directory,
    cacheHome: path.join(directory, 'cache'),
    logDir: path.join(directory, 'logs'),
  }
}

/** The same environment with everything in one directory (absolute), as DDALAB_HOME has it: `--config-dir`. */
export function withHome(environment: Environment, directory: string): Environment {
  const path = environment.platform === 'win32' ? win32 : posix
  return { ...environment, ...ownDirectories(directory, path) }
}

/** The environment of this process: the one place of `core` that asks the process and the system. */
export function currentEnvironment(): Environment {
  return readEnvironment(process.env, process.platform, homedir(), {
    get user() {
      return userName()
    },
    hostname: hostname(),
    directory: process.cwd(),
  })
}

/** A user id without an account (a container run with `--user`) has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
