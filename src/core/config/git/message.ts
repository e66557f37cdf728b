/** What a commit message tells of a change. Never a value. */
export interface CommitFacts {
  /** Paths of the settings that changed. */
  readonly changes: readonly string[]
  /** Of the history's entry: `change`, `restore`, ... */
  readonly kind: string
  /** The text of `-m`. */
  readonly reason: string | null
  /** As typed; of it only the words up to the first argument are told: arguments may hold values. */
  readonly command: string
  /** `user@host`. */
  readonly by: string
  /** Of the history's entry. */
  readonly number: number | null
}

/** Columns of a first line that every tool shows whole. */
const WIDEST = 72

/** The message: what changed on the first line, why, then by which command and by whom. */
export function commitMessage({ changes, kind, reason, command, by, number }: CommitFacts): string {
  const words = oneLine(command).split(' ')
  const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word))
  const trailers = [
    `Command: ${words.slice(0, end < 0 ? words.length : end).join(' ')}`,
    `By: ${oneLine(by)}`,
    ...(number === null ? [] : [`History: #${number}`]),
  ]
  const body = reason === null || reason.trim() === '' ? [] : [reason.trim()]
  return [subject(kind, changes.map(oneLine)), ...body, trailers.join('\n')].join('\n\n')
}

function subject(kind: string, changes: readonly string[]): string {
  const head = kind === 'change' ? 'config: ' : `config ${kind}: `
  if (changes.length === 0) return `${head}no setting, only the text`
  for (let count = changes.length; count > 0; count -= 1) {
    const more = changes.length - count
    const text = `${head}${changes.slice(0, count).join(', ')}${more === 0 ? '' : ` and ${more} more`}`
    if (text.length <= WIDEST) return text
  }
  return `${head}${changes.length} ${changes.length === 1 ? 'setting' : 'settings'}`
}

const oneLine = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()
