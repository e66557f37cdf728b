import { type ErrorData, toDdalabError } from '../../core/errors.ts'

export const SCHEMA_VERSION = 1

/** What `--json` prints, always exactly one; `--events` ends with it as an event of type `result`. */
export type Envelope =
  | { readonly schemaVersion: 1; readonly ok: true; readonly data: unknown; readonly warnings: readonly string[] }
  | { readonly schemaVersion: 1; readonly ok: false; readonly error: ErrorData; readonly warnings: readonly string[] }

/** A result; what has no data is `null`, never missing. */
export function success(data: unknown, warnings: readonly string[]): Envelope {
  return { schemaVersion: SCHEMA_VERSION, ok: true, data: data ?? null, warnings }
}

export function failure(thrown: unknown, warnings: readonly string[]): Envelope {
  return { schemaVersion: SCHEMA_VERSION, ok: false, error: toDdalabError(thrown).toData(), warnings }
}
