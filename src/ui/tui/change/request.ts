import type { Edit } from '../../../core/config/index.ts'
import { formatPath } from '../../../core/config/path.ts'
import { quote } from '../../cli/world.ts'

/** A change that a screen asks for. The Change screen shows its plan first; nothing is done before a person agrees there. */
export type ChangeRequest =
  | { readonly kind: 'deploy' }
  /** To the offer of the channel, or to the version that is named. */
  | { readonly kind: 'update'; readonly version?: string }
  /** To a release, by its id. */
  | { readonly kind: 'rollback'; readonly release: string; readonly restoreData: boolean }
  /** Of these services; of all when empty. */
  | { readonly kind: 'start' | 'stop' | 'restart'; readonly services: readonly string[] }
  /** Edits of the config, brought to what runs as well. `words`: the command that does the same, without a secret value. */
  | { readonly kind: 'config'; readonly edits: readonly Edit[]; readonly words?: string }
  /** The config of an entry of the history, brought to what runs as well. */
  | { readonly kind: 'config-restore'; readonly entry: number }
  | { readonly kind: 'backup' }
  | { readonly kind: 'backup-restore'; readonly backup: string }
  | { readonly kind: 'destroy'; readonly volumes: boolean }

/** The words of the command that does the same. It goes into journal and lease: no secret is in it. */
export function requestWords(request: ChangeRequest): string {
  switch (request.kind) {
    case 'deploy':
      return 'deploy'
    case 'update':
      return request.version === undefined ? 'update' : `update ${quote(request.version)}`
    case 'rollback':
      return `rollback ${quote(request.release)}${request.restoreData ? ' --restore-data' : ''}`
    case 'start':
    case 'stop':
    case 'restart':
      return [request.kind, ...request.services.map(quote)].join(' ')
    case 'config':
      return request.words ?? configWords(request.edits)
    case 'config-restore':
      return `config restore ${request.entry} --apply`
    case 'backup':
      return 'backup create'
    case 'backup-restore':
      return `backup restore ${quote(request.backup)}`
    case 'destroy':
      return request.volumes ? 'destroy --volumes' : 'destroy'
  }
}

/** Any value may be a secret: the command asks for what is named without one. */
function configWords(edits: readonly Edit[]): string {
  const names = (isGone: boolean) =>
    edits.filter(({ value }) => (value === undefined) === isGone).map(({ path }) => quote(formatPath(path)))
  const [set, unset] = [names(false), names(true)]
  const verb = set.length > 0 ? 'set' : 'unset'
  return `config ${verb} ${(set.length > 0 ? set : unset).join(' ')} --apply`
}
