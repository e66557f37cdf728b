import type { Edit } from '../../../core/config/index.ts'

/** A change that a screen asks for. The Change screen shows its plan first; nothing is done before a person agrees there. */
export type ChangeRequest =
  | { readonly kind: 'deploy' }
  /** To the offer of the channel, or to the version that is named. */
  | { readonly kind: 'update'; readonly version?: string }
  /** To a release, by its id. */
  | { readonly kind: 'rollback'; readonly release: string; readonly restoreData: boolean }
  /** Of these services; of all when empty. */
  | { readonly kind: 'start' | 'stop' | 'restart'; readonly services: readonly string[] }
  /** Edits of the config, brought to what runs as well. */
  | { readonly kind: 'config'; readonly edits: readonly Edit[] }
  /** The config of an entry of the history, brought to what runs as well. */
  | { readonly kind: 'config-restore'; readonly entry: number }
  | { readonly kind: 'backup' }
  | { readonly kind: 'backup-restore'; readonly backup: string }
  | { readonly kind: 'destroy'; readonly volumes: boolean }
