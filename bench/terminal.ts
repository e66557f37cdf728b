import { type ChildProcess, spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { childOf } from './process-figures.ts'

/** Characters of what was written that are kept: a frame or two. */
const KEPT = 30_000

/** A program on a terminal of 200x50 of its own, made by script(1): what it writes is seen at once, not by looking now and then. */
export class Terminal {
  readonly #script: ChildProcess
  readonly #waiting = new Set<() => void>()
  readonly #begin = performance.now()
  #written = ''
  #hasEnded = false

  constructor(argv: readonly string[], env: NodeJS.ProcessEnv) {
    const line = argv.map((word) => `'${word}'`).join(' ')
    this.#script = spawn('script', ['-qefc', `stty cols 200 rows 50; exec ${line}`, '/dev/null'], {
      env: { ...env, TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#script.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#written = (this.#written + text).slice(-KEPT)
      this.#look()
    })
    this.#script.once('close', () => {
      this.#hasEnded = true
      this.#look()
    })
  }

  /** The program itself. */
  get pid(): number {
    return childOf(this.#script.pid ?? 0)
  }

  type(keys: string): void {
    this.#script.stdin?.write(keys)
  }

  /** What was written since the last call of `forget`, without colours and the like. */
  get text(): string {
    return stripVTControlCharacters(this.#written)
  }

  forget(): void {
    this.#written = ''
  }

  /** ms since the program was started at which what was written satisfies the test. */
  async until(isThere: (text: string) => boolean): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const isOver = this.#hasEnded
        if (!isOver && !isThere(this.text)) return
        this.#waiting.delete(look)
        if (isOver) reject(new Error(`The program ended: ${this.text.slice(-2_000)}`))
        else resolve()
      }
      this.#waiting.add(look)
      look()
    })
    return performance.now() - this.#begin
  }

  /** ms from a key to the text that it brings. */
  async answer(key: string, text: string): Promise<number> {
    this.forget()
    const begin = performance.now()
    this.type(key)
    await this.until((written) => written.includes(text))
    return performance.now() - begin
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return
    const closed = new Promise((resolve) => this.#script.once('close', resolve))
    this.type('\u0003')
    await closed
  }

  #look(): void {
    for (const look of this.#waiting) look()
  }
}
