import { join } from 'node:path'
import { historyStore, sha256 } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { readBytesIfExists } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import type { RunReport } from '../../kernel/index.ts'
import { releaseStore } from '../../release/index.ts'
import { type InstancePlace, ofInstance } from '../open.ts'
import { isSource } from '../released-config.ts'
import type { World } from '../world.ts'

/** An edited config, and the one that what runs now was made from. */
export interface FormerKept {
  readonly kind: 'kept'
  readonly file: string
  readonly release: string
  /** Entries of the history, with the SHA-256 of their bytes. */
  readonly former: { readonly number: number; readonly sha256: string }
  readonly edited: { readonly number: number; readonly sha256: string }
}

/** What becomes of the config when the deploy of it fails. */
export type Former =
  | FormerKept
  /** It stays as it was edited. */
  | { readonly kind: 'left'; readonly release: string; readonly why: string }
  /** It was not edited, or nothing ran before. */
  | { readonly kind: 'none' }

/**
 * What a deploy of a config (`source`: the hash of its text) goes back to when it fails. The config has its entry in the
 * history (`keepConfig`). Errors: FILE_NOT_READABLE.
 */
export async function findFormer(paths: InstancePaths, source: string): Promise<Former> {
  const release = await releaseStore(paths.releases).newest()
  const bytes = await readBytesIfExists(paths.config)
  if (release?.config === undefined || bytes === undefined || !isSource(bytes, source)) return { kind: 'none' }
  const deployed = release.config.sha256
  const present = sha256(bytes)
  if (deployed === present || deployed === source) return { kind: 'none' }
  const left = (why: string): Former => ({ kind: 'left', release: release.id, why })
  if (!isOwn(paths)) return left('it is not the file of the instance')
  const { entries } = await historyStore(paths.configBackups).list(bytes)
  const former = entries.findLast((entry) => entry.sha256 === deployed && entry.written !== false)
  if (former?.kept !== true) return left('what it was then is no longer kept')
  // Its secrets could be read again by those who are not to read them any more.
  const isRotated = entries.some(({ number, kind }) => number > former.number && kind === 'rotate')
  if (isRotated) return left('its secrets were encrypted anew since')
  const edited = entries.find(({ current, kept }) => current && kept)
  if (edited === undefined) return left('what it is now is not in its history')
  return {
    kind: 'kept',
    file: paths.config,
    release: release.id,
    former: { number: former.number, sha256: deployed },
    edited: { number: edited.number, sha256: present },
  }
}

function isOwn({ config, directory }: InstancePaths): boolean {
  return config === join(directory, 'deployment-config.yml')
}

/** The error of a deploy that failed, with the way to what could not be deployed. */
export function afterFailure(
  { sink }: World,
  { name, paths }: InstancePlace,
  former: Former,
  { result, error }: RunReport & { readonly error: DdalabError },
): DdalabError {
  if (former.kind === 'none' || result !== 'rolled-back') return error
  if (former.kind === 'left') {
    sink.emit({
      type: 'notice',
      level: 'warning',
      message: `${paths.config} stays as it was edited, because ${former.why}. What runs is release ${former.release} again.`,
    })
  }
  const which = `${ofInstance(name)}${isOwn(paths) ? '' : ` -f ${paths.config}`}`
  const steps =
    former.kind === 'kept'
      ? [`ddalab config diff ${former.edited.number}${which}`, `ddalab config restore ${former.edited.number}${which}`]
      : [`ddalab config diff${which}`]
  return new DdalabError(error.code, error.message, {
    ...error.options,
    exit: error.exit,
    nextSteps: [...(error.options.nextSteps ?? []), ...steps],
    cause: error,
  })
}
