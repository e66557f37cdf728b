import { join } from 'node:path'
import { DdalabError } from '../errors.ts'

export const DEFAULT_INSTANCE = 'ddalab'

/** Where everything of one instance lies. Absolute when the home is. */
export interface InstancePaths {
  readonly name: string
  readonly directory: string
  /** `deployment-config.yml`, or the file that was named in its place. */
  readonly config: string
  readonly configBackups: string
  readonly composeFile: string
  /** Mode 0600: it holds secrets. */
  readonly envFile: string
  readonly ingress: string
  readonly journal: string
  readonly releases: string
  /** Of data; mode 0700. */
  readonly backups: string
}

/** A name is also the Compose project's name, part of container names and a directory: the strictest of these decides. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/
/** Device names of Windows, which are no directory names there. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** The paths of an instance; USAGE when the name cannot be one. */
export function instancePaths(configHome: string, name: string, configFile?: string): InstancePaths {
  validateInstanceName(name)
  const directory = join(instancesDirectory(configHome), name)
  return {
    name,
    directory,
    config: configFile ?? join(directory, 'deployment-config.yml'),
    configBackups: join(directory, 'config-backups'),
    composeFile: join(directory, 'docker-compose.yml'),
    envFile: join(directory, '.env'),
    ingress: join(directory, 'ingress'),
    journal: join(directory, 'journal'),
    releases: join(directory, 'releases'),
    backups: join(directory, 'backups'),
  }
}

export function instancesDirectory(configHome: string): string {
  return join(configHome, 'instances')
}

export function isInstanceName(name: string): boolean {
  return NAME.test(name) && !RESERVED.test(name)
}

/** Throws USAGE when the name cannot be an instance's. */
export function validateInstanceName(name: string): void {
  if (isInstanceName(name)) return
  const why = RESERVED.test(name) ? 'it means a device on Windows' : 'only a-z, 0-9, - and _ are allowed'
  throw new DdalabError('USAGE', `${JSON.stringify(name)} cannot be the name of an instance: ${why}`, {
    hint: 'Use up to 63 small letters, digits, dashes and underscores, the first one a letter or a digit.',
  })
}
