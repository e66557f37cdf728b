import { DdalabError } from '../errors.ts'
import { readFileIfExists } from '../files.ts'
import { type Platform, platformOf } from './platform.ts'

/** The program that runs. */
export interface Installed {
  readonly version: string
  /** Of the executable, absolute and without links; undefined when the program runs from its sources or its package. */
  readonly path: string | undefined
  /** By Node's names. */
  readonly system: string
  readonly arch: string
  /** The files of the system's package `ddalab`, where there is one: see `DPKG_FILES`. */
  readonly packageFiles?: string
}

/** What `dpkg` notes of a package that is installed. */
const DPKG_FILES = '/var/lib/dpkg/info/ddalab.list'

export interface Replaceable {
  readonly path: string
  readonly version: string
  readonly platform: Platform
}

/** The program as one that may be replaced. Errors: SELF_UPDATE_REFUSED. */
export async function assertReplaceable(installed: Installed): Promise<Replaceable> {
  const { path, version, system, arch, packageFiles = DPKG_FILES } = installed
  if (path === undefined) {
    throw refused(
      'ddalab runs from its sources here, not as an executable',
      'Update the clone and build it again: git pull && ./bootstrap.sh',
    )
  }
  const platform = platformOf(system, arch)
  if (platform === undefined)
    throw refused(`There are no releases for ${system}-${arch}`, 'Build ddalab from its sources.')
  const files = await readFileIfExists(packageFiles).catch(() => undefined)
  if (files?.split('\n').includes(path) === true) {
    throw refused(`${path} belongs to the package ddalab of this system`, 'Install the newer package with apt instead.')
  }
  return { path, version, platform }
}

function refused(message: string, hint: string): DdalabError {
  return new DdalabError('SELF_UPDATE_REFUSED', message, { hint })
}
