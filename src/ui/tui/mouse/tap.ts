import type { Readable } from 'node:stream'

/**
 * The same keyboard, but what is read from it is handed on as well: Ink drops the sequences of a mouse. Only what Ink reads
 * is seen, so that nothing is taken from a program that has the terminal for a while.
 */
export function tapped<Keyboard extends Readable>(stdin: Keyboard, onRead: (chunk: string) => void): Keyboard {
  return new Proxy(stdin, {
    get(target, name) {
      if (name === 'read') {
        return (size?: number): unknown => {
          const chunk: unknown = target.read(size)
          if (typeof chunk === 'string') onRead(chunk)
          return chunk
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
