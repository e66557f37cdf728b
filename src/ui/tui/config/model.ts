import type { ConfigForm, FormField, FormTable } from '../../../core/actions/config/form.ts'
import type { ToldFinding } from '../../../core/actions/config/validate.ts'
import type { History, ListedEntry } from '../../../core/config/history/index.ts'
import type { ConfigDiff, Edit, SecretKind } from '../../../core/config/index.ts'
import type { ErrorData } from '../../../core/errors.ts'
import type { Line } from '../../wizard/line.ts'
import type { ChangeRequest } from '../change/request.ts'
import type { ActionId } from '../keymap/index.ts'
import type { Press } from '../reducer.ts'

export type Field = FormField
export type Table = FormTable
export type Finding = ToldFinding
/** An error as it is shown. */
export type Trouble = ErrorData

/** What a setting is to become. */
export interface Draft {
  readonly field: Field
  /** Undefined: it is taken out of the file. */
  readonly value: unknown
  /** It went to the Change screen: when the file changes there, it is done. */
  readonly isHanded: boolean
}

/** What the list is narrowed to. */
export const FILTERS = ['all', 'set', 'drafts', 'problems'] as const
export type Filter = (typeof FILTERS)[number]

export type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly form: ConfigForm }
  | { readonly kind: 'unreadable'; readonly trouble: Trouble }

/** What is worked out outside. */
export type Awaited<T> =
  | { readonly kind: 'awaited' }
  | { readonly kind: 'there'; readonly it: T }
  | { readonly kind: 'failed'; readonly trouble: Trouble }

export const CHOICES = ['cancel', 'save', 'apply'] as const
export type Choice = (typeof CHOICES)[number]

/** What is about to be written. */
export type Subject = { readonly kind: 'drafts' } | { readonly kind: 'restore'; readonly entry: number }

export interface Review {
  readonly kind: 'review'
  readonly subject: Subject
  readonly diff: Awaited<Difference>
  readonly choice: Choice
  readonly scroll: number
  readonly reason: Line
  readonly isReasoning: boolean
  readonly isSaving: boolean
}

export interface Difference {
  readonly diff: ConfigDiff
  readonly warnings: readonly string[]
  /** SHA-256 of the file that it is a difference to. */
  readonly hash: string
}

/** What has the keys. */
export type Mode =
  | { readonly kind: 'browse' }
  | { readonly kind: 'search'; readonly line: Line }
  | { readonly kind: 'edit'; readonly field: Field; readonly line: Line }
  | { readonly kind: 'choose'; readonly field: Field; readonly row: number }
  | { readonly kind: 'name'; readonly table: Table; readonly line: Line }
  | Review
  | { readonly kind: 'history'; readonly list: Awaited<History>; readonly row: number }
  | {
      readonly kind: 'compare'
      readonly entry: ListedEntry
      readonly diff: Awaited<ConfigDiff>
      readonly scroll: number
    }
  /** The editor is open, or what was typed there has errors: shall it be opened again? */
  | { readonly kind: 'editor'; readonly trouble: Trouble | undefined; readonly scroll: number }
  /** What did not work, and where the text is that would be lost else. */
  | { readonly kind: 'told'; readonly trouble: Trouble }

export interface ConfigState {
  readonly reading: Reading
  /** By their paths. */
  readonly drafts: ReadonlyMap<string, Draft>
  /** Settings of tables that are not in the file yet. */
  readonly added: readonly Field[]
  readonly findings: readonly Finding[]
  /** The path of the setting, or of the table, that the cursor is on. */
  readonly cursor: string
  readonly query: string
  readonly filter: Filter
  /** The one secret that is shown now. */
  readonly revealed: { readonly path: string; readonly text: string } | undefined
  readonly mode: Mode
}

export const START: ConfigState = {
  reading: { kind: 'reading' },
  drafts: new Map(),
  added: [],
  findings: [],
  cursor: '',
  query: '',
  filter: 'all',
  revealed: undefined,
  mode: { kind: 'browse' },
}

export type ConfigEvent =
  | { readonly type: 'pressed'; readonly press: Press; readonly action: ActionId | undefined }
  | { readonly type: 'pasted'; readonly text: string }
  | { readonly type: 'read'; readonly form: ConfigForm }
  | { readonly type: 'unreadable'; readonly trouble: Trouble }
  | { readonly type: 'judged'; readonly findings: readonly Finding[] }
  | { readonly type: 'revealed'; readonly path: string; readonly text: string }
  | { readonly type: 'generated'; readonly field: Field; readonly value: string }
  | { readonly type: 'differs'; readonly difference: Difference }
  | { readonly type: 'saved'; readonly subject: Subject; readonly entry: number | null }
  | { readonly type: 'listed'; readonly history: History }
  | { readonly type: 'compared'; readonly diff: ConfigDiff }
  | { readonly type: 'again'; readonly trouble: Trouble }
  | { readonly type: 'edited'; readonly notice: string }
  /** What was asked for last did not work. */
  | { readonly type: 'failed'; readonly trouble: Trouble }
  | { readonly type: 'left' }
  /** The screen is seen again, and what went to the Change screen has not become the file. */
  | { readonly type: 'returned' }

export type ConfigEffect =
  | { readonly type: 'judge'; readonly edits: readonly Edit[] }
  | { readonly type: 'reveal'; readonly field: Field }
  | { readonly type: 'generate'; readonly field: Field; readonly kind: SecretKind }
  | { readonly type: 'difference'; readonly subject: Subject; readonly edits: readonly Edit[] }
  | {
      readonly type: 'save'
      readonly subject: Subject
      readonly edits: readonly Edit[]
      readonly reason: string
      readonly hash: string
    }
  | { readonly type: 'change'; readonly request: ChangeRequest }
  | { readonly type: 'history' }
  | { readonly type: 'compare'; readonly entry: number }
  | { readonly type: 'edit' }
  | { readonly type: 'answer'; readonly again: boolean }
  | { readonly type: 'copy'; readonly words: string }
  | { readonly type: 'notice'; readonly text: string }

export interface Reduced {
  readonly state: ConfigState
  readonly effects: readonly ConfigEffect[]
}

/** What decides beside the state. */
export interface Ground {
  readonly isReadOnly: boolean
  /** Rows of a page. */
  readonly page: number
}
