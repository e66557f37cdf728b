/** How a person names a state of the config. */
export type BackupWord =
  | { readonly kind: 'number'; readonly number: number }
  /** So many steps before what the file is now; `latest` is 0. */
  | { readonly kind: 'back'; readonly steps: number }
  | { readonly kind: 'file'; readonly path: string }

/**
 * `7` and `#7` are entries, `latest` is the newest one, `-1` (also `latest-1`, which no shell or option parser takes for
 * something else) the one before it. Everything else is the path of a file; one that is called `7` is `./7`.
 */
export function parseBackupWord(word: string): BackupWord {
  const number = /^#?(\d{1,9})$/.exec(word)?.[1]
  if (number !== undefined) return { kind: 'number', number: Number(number) }
  if (word === 'latest') return { kind: 'back', steps: 0 }
  const steps = /^(?:latest)?-(\d{1,9})$/.exec(word)?.[1]
  return steps === undefined ? { kind: 'file', path: word } : { kind: 'back', steps: Number(steps) }
}
