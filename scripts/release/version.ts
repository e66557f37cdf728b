import { readMinisignKey } from '../../src/core/release/channel/index.ts'
import type { Repository } from './git.ts'

/** That of package.json; a snapshot is early, and says of which commit. `base`: of package.json. */
export function releaseVersion(base: string, { head }: Pick<Repository, 'head'>, snapshot: boolean): string {
  return snapshot ? `${base}-snapshot.g${head.slice(0, 7)}` : base
}

export interface ReleaseFacts {
  readonly version: string
  readonly repository: Pick<Repository, 'tags' | 'isClean'>
  /** Of the key that signs. */
  readonly key: string | undefined
  /** The key that the program and the install script trust. */
  readonly publisher: string | undefined
}

/** Throws an Error with everything that is missing for a release that is to be published. */
export function checkRelease({ version, repository, key, publisher }: ReleaseFacts): void {
  const missing = [
    ...(repository.isClean ? [] : ['there are changes that are not committed']),
    ...(repository.tags.includes(`v${version}`)
      ? []
      : [`this commit has no tag v${version} (version of package.json)`]),
    ...(key === undefined ? ['there is no signing key (DDALAB_MINISIGN_KEY_FILE or DDALAB_MINISIGN_KEY)'] : []),
    ...(key === undefined || isSame(key, publisher)
      ? []
      : [`the signing key is not that of src/core/self-update/publisher.ts, which should be: ${key}`]),
  ]
  if (missing.length > 0) throw new Error(`\n  ${missing.join('\n  ')}\nTo try it out: npm run release -- --snapshot`)
}

function isSame(key: string, other: string | undefined): boolean {
  const [one, two] = [readMinisignKey(key), other === undefined ? undefined : readMinisignKey(other)]
  return one !== undefined && two !== undefined && one.id === two.id && one.key.equals(two.key)
}
