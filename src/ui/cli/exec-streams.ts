import { Writable } from 'node:stream'
import type { ExecStreams, Terminal } from '../../core/actions/exec.ts'
import type { Shell } from './shell.ts'

/** The streams of this process; with a terminal for the command when we are on one and `wanted`. */
export function processStreams({ stdout }: Shell, wanted: boolean): ExecStreams {
  const { stdin, stderr } = process
  // Asked through the shell, whose output is the one that knows that a reader may go away.
  const terminal = wanted && stdin.isTTY === true && stdout.stream.isTTY === true
  return { stdin, stdout: process.stdout, stderr, ...(terminal && { terminal: processTerminal() }) }
}

function processTerminal(): Terminal {
  const { stdin, stdout } = process
  return {
    size: () => (stdout.columns > 0 ? { columns: stdout.columns, rows: stdout.rows } : undefined),
    onResize: (listener) => {
      stdout.on('resize', listener)
      return () => stdout.off('resize', listener)
    },
    setRawMode: (raw) => {
      stdin.setRawMode(raw)
    },
  }
}

/** Streams that keep what a command says, for an answer as JSON; it gets what is piped in, and no terminal. */
export function collectingStreams() {
  const stdout = collector()
  const stderr = collector()
  const { stdin } = process
  return {
    streams: { ...(stdin.isTTY !== true && { stdin }), stdout: stdout.stream, stderr: stderr.stream },
    output: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
  }
}

function collector() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}
