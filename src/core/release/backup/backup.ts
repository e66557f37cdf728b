import * as z from 'zod'
import { DdalabError } from '../../errors.ts'

/** `b-20260321-154501`: when it was made, in UTC, and a number where two were made in one second. Sorts by time. */
const ID = /^b-\d{8}-\d{6}(?:-\d{1,3})?$/

const part = z.object({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/),
  kind: z.enum(['postgres', 'redis', 's3', 'volume']),
  service: z.string(),
  /** In the directory of the backup; never a way out of it. */
  file: z.string().regex(/^[A-Za-z0-9][\w.-]*$/),
  /** Bytes of the data, and of the file that holds them. */
  bytes: z.int().nonnegative(),
  size: z.int().nonnegative(),
  /** Of the file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  compression: z.literal('zstd'),
  /** To age recipients; the compressed data is what is encrypted. */
  encrypted: z.boolean(),
  /** What is needed beside the bytes to put them back. */
  facts: z.record(z.string(), z.string()),
  durationMs: z.number().nonnegative(),
})

const backup = z.object({
  format: z.literal(1),
  id: z.string().regex(ID),
  /** ISO 8601: when the copying began. What was written later may not be in it. */
  at: z.iso.datetime(),
  by: z.string(),
  command: z.string(),
  reason: z.string(),
  /** The release that ran then; null when there was none. */
  release: z.string().nullable(),
  version: z.string(),
  recipients: z.array(z.string()),
  parts: z.array(part),
})

const verification = z.object({
  at: z.iso.datetime(),
  /** What was found in each part when it was restored on trial. */
  parts: z.record(z.string(), z.record(z.string(), z.number())),
})

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T

/** The content of `backup.json`. */
export type Backup = DeepReadonly<z.output<typeof backup>>
export type BackupPart = DeepReadonly<z.output<typeof part>>
/** The content of `verified.json`, beside it: the last time that everything could be restored. */
export type Verification = DeepReadonly<z.output<typeof verification>>

export function isBackupId(name: string): boolean {
  return ID.test(name)
}

/** The text of `backup.json`, checked. BACKUP_DAMAGED. */
export function parseBackup(text: string, file: string): Backup {
  return parse(backup, text, file)
}

/** The same for `verified.json`. */
export function parseVerification(text: string, file: string): Verification {
  return parse(verification, text, file)
}

function parse<T>(schema: z.ZodType<T>, text: string, file: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new DdalabError('BACKUP_DAMAGED', `${file} is not what was written into it.`, {
      hint: 'Take another backup: ddalab backup list',
      cause,
    })
  }
}

/** An id for a backup that is made now, unlike those that there are. Pure. */
export function nextBackupId(now: Date, taken: readonly string[]): string {
  const id = `b-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? id : `${id}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}
