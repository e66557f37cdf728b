import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { render } from 'ink'
import type { ReactNode } from 'react'

/** A keyboard. */
class Keyboard extends PassThrough {
  readonly isTTY = true
  setRawMode(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}

/** A terminal of a size; every frame is written whole. */
class Terminal extends Writable {
  readonly isTTY = true
  readonly #looking = new Set<() => void>()
  columns: number
  rows: number
  frame = ''

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = String(chunk)
    // Modes of the terminal are no frames.
    if (!/^(?:\u001B\[\?\d+[hl])*$/.test(text)) this.frame = text
    for (const look of this.#looking) look()
    done()
  }

  /** Resolves as soon as the frame is right. */
  until(isRight: (frame: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isRight(this.frame)) return
        this.#looking.delete(look)
        resolve()
      }
      this.#looking.add(look)
      look()
    })
  }
}

export interface Shown {
  /** Types, as a terminal sends it. */
  type(input: string): void
  resize(columns: number, rows: number): void
  /** The lines of the last frame, without their colours. */
  lines(): readonly string[]
  /** The last frame as it was written. */
  raw(): string
  /** Resolves when the frame has the text. */
  sees(text: string): Promise<void>
  unmount(): void
}

/** Shows a component on a terminal of a size. */
export function show(node: ReactNode, columns = 80, rows = 24): Shown {
  const keyboard = new Keyboard()
  const terminal = new Terminal(columns, rows)
  const app = render(node, {
    stdin: keyboard,
    stdout: terminal,
    stderr: terminal,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  return {
    type: (input) => void keyboard.write(input),
    resize: (to, high) => {
      terminal.columns = to
      terminal.rows = high
      terminal.emit('resize')
    },
    lines: () => stripVTControlCharacters(terminal.frame).split('\n'),
    raw: () => terminal.frame,
    sees: (text) => terminal.until((frame) => stripVTControlCharacters(frame).includes(text)),
    unmount: () => app.unmount(),
  }
}
