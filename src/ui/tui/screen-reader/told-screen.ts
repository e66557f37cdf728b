import { Writable } from 'node:stream'
import type { ScreenId } from '../screens.ts'
import { spoken, tell } from './tell.ts'

/** The screen that is drawn on, and never seen. Its lines are long, and nothing has to be scrolled to. */
const COLUMNS = 100
const ROWS = 60
/** ms after a key in which every change is its answer. */
const ANSWERING = 1_000
/** Bracketed paste: the one mode that matters where nothing is drawn. */
const PASTE = /^\u001B\[\?2004[hl]$/
const MODES = /^(?:\u001B\[\?\d+[hl])*$/

export interface ToldScreenOptions {
  /** The terminal. Lines are only ever added to it. */
  readonly write: (text: string) => void
  /** ms. */
  readonly now: () => number
}

/** A screen whose changes are told as lines, for those who have them read out. */
export class ToldScreen extends Writable {
  readonly isTTY = true
  readonly columns = COLUMNS
  readonly rows = ROWS
  readonly #options: ToldScreenOptions
  #last: readonly string[] = []
  /** All is told as it is, figures too: that of a log. */
  #isExact = false
  #pressed = Number.NEGATIVE_INFINITY

  constructor(options: ToldScreenOptions) {
    super({ decodeStrings: false })
    this.#options = options
  }

  /** Which screen is seen from now on. */
  show(screen: ScreenId): void {
    this.#isExact = screen === 'logs'
  }

  /** A key was pressed: what changes now is its answer. */
  pressed(): void {
    this.#pressed = this.#options.now()
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = String(chunk)
    if (PASTE.test(text)) this.#options.write(text)
    else if (!MODES.test(text)) this.#tell(text)
    done()
  }

  #tell(frame: string): void {
    const lines = spoken(frame)
    const isAnswer = this.#options.now() - this.#pressed < ANSWERING
    const said = tell(this.#last, lines, this.#isExact || isAnswer)
    this.#last = lines
    if (said.length > 0) this.#options.write(said.map((line) => `${line}\r\n`).join(''))
  }
}
