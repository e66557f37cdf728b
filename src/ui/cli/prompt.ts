import { DdalabError } from '../../core/errors.ts'

/** What may be asked, and of whom. */
export interface Prompter {
  /** stdin and stderr are terminals and nobody forbade questions. */
  readonly possible: boolean
  /** One line typed by a person; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>
  /** A secret, typed unseen. Errors: INPUT_REQUIRED where nobody can be asked, CONFIRMATION_REQUIRED when nothing comes. */
  askSecret(name: string): Promise<string>
}

export interface Consent {
  /** --yes. */
  readonly yes: boolean
}

/**
 * A question with the default No. `--yes` answers it; where nobody can be asked the missing flag is named. Never use it for
 * the loss of data: that is `requireName`.
 */
export async function confirm(question: string, consent: Consent, prompter: Prompter): Promise<boolean> {
  if (consent.yes) return true
  if (!prompter.possible) {
    throw new DdalabError('INPUT_REQUIRED', `${question} Nobody can be asked here.`, {
      hint: 'Add --yes to agree beforehand.',
    })
  }
  const answer = await prompter.ask(`${question} [y/N] `)
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}

/**
 * Consent to the loss of data: the name of what is lost, from `--confirm NAME` or typed on a terminal. `--yes` does not
 * count (contract 4).
 */
export async function requireName(
  loss: string,
  name: string,
  given: string | undefined,
  prompter: Prompter,
): Promise<void> {
  if (given === name) return
  const hint = `To agree, add: --confirm ${name}`
  if (given !== undefined) {
    throw new DdalabError('CONFIRMATION_REQUIRED', `--confirm says "${given}", but the name is "${name}".`, { hint })
  }
  if (!prompter.possible) throw new DdalabError('CONFIRMATION_REQUIRED', `${loss} This needs consent.`, { hint })
  const typed = await prompter.ask(`${loss} Type ${name} to go on: `)
  if (typed?.trim() !== name) {
    throw new DdalabError('CONFIRMATION_REQUIRED', 'The name was not typed: nothing was changed.', { hint })
  }
}

/** Questions on the terminal: asked on stderr, so that stdout holds data only. */
export function terminalPrompter(possible: boolean, signal: AbortSignal): Prompter {
  return {
    possible,
    ask: (question) => askLine(question, process.stderr, signal),
    askSecret: async (name) => {
      const hint = `Give it in a file or on stdin: --set-file ${name}=PATH, or --set-file ${name}=- with the value piped in.`
      if (!possible)
        throw new DdalabError('INPUT_REQUIRED', `${name} is to be typed, and nobody can be asked here.`, { hint })
      process.stderr.write(`${name}: `)
      const { Writable } = await import('node:stream')
      const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
      const typed = await askLine('', unseen, signal)
      process.stderr.write('\n')
      if (typed) return typed
      throw new DdalabError('CONFIRMATION_REQUIRED', `Nothing was typed for ${name}: nothing was changed.`, { hint })
    },
  }
}

async function askLine(
  question: string,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  // readline swallows Ctrl-C on a terminal: hand it back to the one place that listens.
  lines.on('SIGINT', () => process.emit('SIGINT'))
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  try {
    return await Promise.race([lines.question(question, { signal }), ended])
  } finally {
    lines.close()
  }
}
