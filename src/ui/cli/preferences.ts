/** How a run talks: read from the raw words first, because a usage error must already be told in the right form. */
export interface Preferences {
  /** `text` for people, `json` one object, `events` one event a line. */
  readonly mode: 'text' | 'json' | 'events'
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  readonly noColour: boolean
}

/** The preferences in the words before `--`. */
export function readPreferences(argv: readonly string[]): Preferences {
  const end = argv.indexOf('--')
  const words = new Set(end === -1 ? argv : argv.slice(0, end))
  const short = new Set([...words].filter((word) => /^-[qvy]+$/.test(word)).join(''))
  const has = (name: string, char?: string) => words.has(name) || (char !== undefined && short.has(char))
  return {
    mode: has('--events') ? 'events' : has('--json') ? 'json' : 'text',
    quiet: has('--quiet', 'q'),
    verbose: has('--verbose', 'v'),
    debug: has('--debug'),
    noColour: has('--no-color'),
  }
}
