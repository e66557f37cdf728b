import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Sink } from './output.ts'

/**
 * A stream of the program that is a file, or `/dev/null`; undefined for terminals and pipes. It is written at once, as Node
 * does it for files, but without Node's streams: loading them takes longer than most answers.
 */
export function fileSink(descriptor: number): Sink | undefined {
  if (!isFile(descriptor)) return undefined
  return {
    write: (text, done) => {
      for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(descriptor, rest))
      done?.()
      return true
    },
    on: () => undefined,
  }
}

function isFile(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor)
    return stat.isFile() || (stat.isCharacterDevice() && !isatty(descriptor))
  } catch {
    return false
  }
}
