import type { ServiceStats } from '../../core/actions/stats.ts'
import type { Status } from '../../core/actions/status.ts'
import type { UpdateNotice } from '../../core/actions/update-notice.ts'

/** A release that `rollback` can go back to. */
export interface Point {
  readonly id: string
  readonly version: string
  /** ISO 8601. */
  readonly deployedAt: string
  /** It is what runs now. */
  readonly current: boolean
  readonly hasData: boolean
}

/** Everything the dashboard knows of an instance at one moment. */
export interface Snapshot {
  /** Its services in the order in which they depend on each other. */
  readonly status: Status
  /** What the last check has found and nobody has installed. */
  readonly update: UpdateNotice | null
  /** The newest first. */
  readonly points: readonly Point[]
  readonly warnings: readonly string[]
}

/** What a source tells. */
export type Update =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'stats'; readonly stats: readonly ServiceStats[] }
  /** Nothing can be seen now; the source goes on trying. */
  | { readonly type: 'lost'; readonly code: string; readonly message: string; readonly hint: string | undefined }

/** Where the dashboard gets what it shows. */
export interface Source {
  /** Tells now and at every change until the signal fires; resolves when everything is closed. Never rejects. */
  watch(tell: (update: Update) => void, signal: AbortSignal): Promise<void>
}
