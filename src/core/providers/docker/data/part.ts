import type { Readable, Writable } from 'node:stream'
import { DdalabError } from '../../../errors.ts'
import type { Progress } from '../../../kernel/events.ts'
import type { DataSource } from '../../../stack/model.ts'

/**
 * A part of a stack's data and where it lies now: plain data without secrets, small enough for a plan. Passwords are in the
 * environment of the container, and only its own shell reads them.
 */
export type DataPart = {
  readonly name: string
  readonly kind: DataSource['kind']
  readonly service: string
  /** Id of a container of the service. */
  readonly container: string
  /** Ids of images for a helper: the service's own, then others of the stack, should that one have no shell. */
  readonly images: readonly string[]
  /** Where the files lie in the container; empty for what has tools of its own. */
  readonly path: string
  /** Ids of the containers that stand still while files are copied. */
  readonly pause: readonly string[]
  readonly bucket: string
  /** Files that are written once: nothing stands still for them, and no update changes them. */
  readonly live: boolean
  /** Names of variables of the container. */
  readonly variables: { readonly user: string; readonly database: string; readonly password: string }
}

/** What has to be known of a copy, beside its bytes, to put it back: `dir` and `appendonly` of a Redis. */
export type DataFacts = { readonly [name: string]: string }

/** What was found in a copy that was restored on trial: `{ tables: 12, rows: 4711 }`. */
export type DataEvidence = { readonly [name: string]: number }

export interface DataContext {
  /** The label of everything that is made on the way, by which it is found and removed whatever happens. */
  readonly label: string
  readonly signal: AbortSignal
  progress(progress: Progress): void
}

/** A copy that could not be put back, when it is certain that everything is as it was: there is nothing to undo. */
export class Unchanged extends DdalabError {}

/** A copy as it comes out of a backup. */
export interface DataCopy {
  readonly facts: DataFacts
  /** Bytes that `source` will give. */
  readonly bytes: number
  readonly source: Readable
}

/**
 * Copies data out of containers and puts it back. Nothing is ever held in memory as a whole. Errors of all: CONTAINER_NOT_FOUND,
 * PRECONDITION_FAILED (it does not run), OPERATION_FAILED with what the tool said, ENGINE_GONE, INTERRUPTED.
 */
export interface DataAccess {
  /** Writes a copy of the part as it is now; `target` is left open. */
  save(part: DataPart, target: Writable, context: DataContext): Promise<DataFacts>
  /** Reads a copy to its end with the tool that would restore it (rule 13). */
  check(part: DataPart, copy: DataCopy, context: DataContext): Promise<void>
  /**
   * Puts a copy in the place of what is there: a database in one transaction while it runs, files while nobody uses them.
   * Again and again with the same outcome. Errors: Unchanged as well. `now` are the facts of how it is set up now, which may differ from the copy's.
   */
  load(part: DataPart, copy: DataCopy, now: DataFacts, context: DataContext): Promise<void>
  /** Restores a copy into a container of its own, which nobody reaches and which is removed afterwards, and looks into it. */
  rehearse(part: DataPart, copy: DataCopy, context: DataContext): Promise<DataEvidence>
  /** Lets everything go on that was paused for these parts, and removes what was made under the label. */
  tidy(parts: readonly DataPart[], label: string): Promise<void>
}
