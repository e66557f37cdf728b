import { DdalabError } from '../../errors.ts'
import { toVersion2 } from './2.0.0.ts'
import { toVersion3 } from './3.0.0.ts'
import type { ConfigData, Migration } from './migration.ts'

export type { ConfigData, Migration } from './migration.ts'

/** The chain, oldest step first; each step starts where the one before ends. */
export const MIGRATIONS: readonly Migration[] = [toVersion2, toVersion3]
export const CURRENT_VERSION = '3.0.0'
export const VERSIONS: readonly string[] = ['1.0.0', ...MIGRATIONS.map((step) => step.to)]

/** Carries a config from one known version to another, up or down. USAGE for an unknown one, CONFIG_TOO_NEW for a newer one. */
export function migrate(data: ConfigData, from: string, to: string = CURRENT_VERSION): ConfigData {
  const start = indexOf(from)
  const end = indexOf(to)
  return start <= end
    ? MIGRATIONS.slice(start, end).reduce((config, step) => step.up(config), data)
    : MIGRATIONS.slice(end, start).reduceRight((config, step) => step.down(config), data)
}

function indexOf(version: string): number {
  const index = VERSIONS.indexOf(version)
  if (index !== -1) return index
  if (isNewer(version)) throw tooNew(version)
  throw new DdalabError('USAGE', `"${version}" is not a version of the config`, {
    hint: `Known versions: ${VERSIONS.join(', ')}.`,
  })
}

/** True for `x.y.z` above the current version. */
export function isNewer(version: string): boolean {
  const [wanted, current] = [version, CURRENT_VERSION].map((text) =>
    /^(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number),
  )
  if (wanted === undefined || current === undefined) return false
  const difference = wanted.map((part, position) => part - (current[position] ?? 0)).find((part) => part !== 0)
  return difference !== undefined && difference > 0
}

/** The refusal of a config that a newer program wrote: it is neither used nor replaced. */
export function tooNew(version: string, place?: { file: string; line?: number; column?: number }): DdalabError {
  return new DdalabError(
    'CONFIG_TOO_NEW',
    `The config has version ${version}, this program knows versions up to ${CURRENT_VERSION}`,
    {
      hint: 'Install a newer ddalab. The file was left as it is.',
      ...(place !== undefined && { place }),
    },
  )
}

/** The version with which a top-level key came, when that is after `version`. */
export function addedAfter(version: string, key: string): string | undefined {
  return MIGRATIONS.slice(VERSIONS.indexOf(version)).find((step) => step.adds.includes(key))?.to
}
