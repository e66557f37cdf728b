import type { Editing } from '../../../core/actions/config/edit-by-hand.ts'
import type { ConfigForm } from '../../../core/actions/config/form.ts'
import type { ToldFinding } from '../../../core/actions/config/validate.ts'
import type { History } from '../../../core/config/history/index.ts'
import type { ConfigDiff, Edit, SecretKind } from '../../../core/config/index.ts'
import type { Difference, Subject } from './model.ts'

/** What is written, and how. */
export interface Wish {
  readonly subject: Subject
  /** Of the drafts. */
  readonly edits: readonly Edit[]
}

/** The config of an instance, as far as its screen touches it. Errors: those of the actions. */
export interface ConfigDesk {
  /** Another text whenever the file is another one; it never fails. */
  readonly stamp: () => Promise<string>
  readonly read: () => Promise<ConfigForm>
  /** What all rules say about the file with the edits, but for those that ask the machine. */
  readonly judge: (edits: readonly Edit[]) => Promise<readonly ToldFinding[]>
  readonly reveal: (path: string) => Promise<string>
  readonly generate: (kind: SecretKind) => Promise<string>
  /** What would be written; secrets masked. */
  readonly difference: (wish: Wish) => Promise<Difference>
  /**
   * Writes it, when the file is still the one with this SHA-256. Answers the number in the history; null when the file says so
   * already. Errors: CONFIG_CHANGED and those of `changeConfig`.
   */
  readonly save: (wish: Wish, reason: string, hash: string) => Promise<number | null>
  readonly history: () => Promise<History>
  /** The difference of an entry to what the file is now. */
  readonly compare: (entry: number) => Promise<ConfigDiff>
  /** Has a person edit the file; `open` shows the editor. Answers what came of it, in words. */
  readonly edit: (editing: Editing) => Promise<string>
  /** Opens the person's editor on a file. */
  readonly openEditor: (file: string) => Promise<void>
}
