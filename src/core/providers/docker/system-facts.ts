import { access, readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import type { SystemFacts } from './client/index.ts'

export interface SystemQuestion {
  readonly platform: NodeJS.Platform
  readonly home: string
  /** XDG_RUNTIME_DIR. */
  readonly runtimeDir: string | undefined
  /** DOCKER_HOST. */
  readonly dockerHost: string | undefined
}

const PROGRAMS: { readonly [platform in 'darwin' | 'win32' | 'other']: readonly string[] } = {
  darwin: ['/Applications/Docker.app'],
  win32: ['C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe'],
  other: ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/snap/bin'].map(
    (folder) => `${folder}/dockerd`,
  ),
}

/** What this system says about how an engine is installed and started here. Never throws. */
export async function systemFacts({ platform, home, runtimeDir, dockerHost }: SystemQuestion): Promise<SystemFacts> {
  const own = posix.join(home, 'bin', 'dockerd-rootless.sh')
  const usual = PROGRAMS[platform === 'darwin' || platform === 'win32' ? platform : 'other']
  const [installed, ownEngine, systemd, release, kernel] = await Promise.all([
    anyExists(usual),
    anyExists([own]),
    anyExists(['/run/systemd/system']),
    textOf('/etc/os-release'),
    textOf('/proc/version'),
  ])
  return {
    platform,
    distribution: distribution(release),
    installed: installed || ownEngine,
    systemd,
    rootless: ownEngine || (runtimeDir !== undefined && dockerHost?.includes(runtimeDir) === true),
    wsl: /microsoft/i.test(kernel),
  }
}

/** `ID` and `ID_LIKE` of os-release(5), with a space between. */
function distribution(release: string): string {
  return ['ID', 'ID_LIKE']
    .map((key) => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(release)?.[1] ?? '')
    .join(' ')
    .trim()
}

async function anyExists(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
