import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { expect } from 'vitest'

const run = promisify(execFile)

export const hasTmux = await run('tmux', ['-V']).then(
  () => true,
  () => false,
)

/** A real terminal, with a shell in it. */
export class TerminalWindow {
  readonly #socket: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(socket: string, env: NodeJS.ProcessEnv) {
    this.#socket = socket
    this.#env = env
  }

  static async open(env: NodeJS.ProcessEnv, columns = 100, rows = 40): Promise<TerminalWindow> {
    const window = new TerminalWindow(`test-${randomUUID()}`, { ...env, LC_ALL: 'C.UTF-8', PS1: '$ ' })
    await window.#tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), 'sh')
    return window
  }

  /** Keys by their names in tmux: `Enter`, `C-c`, `Down`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text)
  }

  /** As a terminal pastes where the program has asked to be told (bracketed paste). */
  async paste(text: string): Promise<void> {
    await this.#tmux('set-buffer', text)
    await this.#tmux('paste-buffer', '-p')
  }

  async screen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p')).stdout
  }

  /** Resolves when the screen shows the text. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.screen(), { interval: 100 }).toContain(text)
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows))
  }

  /** A variable of tmux: `alternate_on`, `cursor_flag`, `pane_pid`. */
  async fact(name: string): Promise<string> {
    return (await this.#tmux('display-message', '-p', `#{${name}}`)).stdout.trim()
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined)
  }

  #tmux(...words: readonly string[]) {
    return run('tmux', ['-L', this.#socket, '-u', '-f', '/dev/null', ...words], { env: this.#env })
  }
}
