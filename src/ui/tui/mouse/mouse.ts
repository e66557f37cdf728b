const ON = '\u001B[?1000h\u001B[?1006h'
const OFF = '\u001B[?1006l\u001B[?1000l'

/** The mouse of a terminal: whether it is told to us. Whoever else gets the terminal gets it without. */
export class Mouse {
  readonly #write: (sequence: string) => void
  #isWanted = false
  #isLent = false

  constructor(write: (sequence: string) => void) {
    this.#write = write
  }

  /** On or off from now on; while the terminal is lent it stays off. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return
    this.#isWanted = isWanted
    if (!this.#isLent) this.#write(isWanted ? ON : OFF)
  }

  /** Off while somebody else has the terminal. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isWanted) this.#write(OFF)
    this.#isLent = true
    try {
      return await work()
    } finally {
      this.#isLent = false
      if (this.#isWanted) this.#write(ON)
    }
  }
}
