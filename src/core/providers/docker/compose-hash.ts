import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtin } from './client/builtin.ts'

const SYSTEM_PLUGIN_DIRECTORIES = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
  'C:\\ProgramData\\Docker\\cli-plugins',
  'C:\\Program Files\\Docker\\cli-plugins',
]

/** The Compose plugin where the Docker CLI looks for it: the user's own first. */
export async function findComposePlugin(
  dockerConfigDir: string,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const name = platform === 'win32' ? 'docker-compose.exe' : 'docker-compose'
  const candidates = [join(dockerConfigDir, 'cli-plugins'), ...SYSTEM_PLUGIN_DIRECTORIES].map((directory) =>
    join(directory, name),
  )
  for (const candidate of candidates) {
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (usable) return candidate
  }
  return undefined
}

/**
 * Compose's own hash of every service: with it on our containers, a manual `docker compose up` finds nothing to do. Empty
 * where the plugin is absent or refuses the file: deploying does not depend on it.
 */
export async function composeHashes(
  plugin: string | undefined,
  composeFile: string,
): Promise<{ readonly [service: string]: string }> {
  if (plugin === undefined) return {}
  try {
    const { stdout } = await promisify(builtin.childProcess.execFile)(
      plugin,
      ['-f', composeFile, 'config', '--hash', '*'],
      {
        timeout: 10_000,
      },
    )
    return parseHashes(stdout)
  } catch {
    return {}
  }
}

/** Lines of `service hash`. */
export function parseHashes(output: string): { readonly [service: string]: string } {
  return Object.fromEntries(
    output.split('\n').flatMap((line) => {
      const [service, hash] = line.trim().split(/\s+/)
      return service !== undefined && hash !== undefined && /^[0-9a-f]{64}$/.test(hash)
        ? [[service, hash] as const]
        : []
    }),
  )
}
