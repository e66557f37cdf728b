import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createInterrupt } from '../../src/ui/cli/interrupt.ts'

function listening() {
  const source = new EventEmitter()
  const left: string[] = []
  const interrupt = createInterrupt(source, {
    announce: () => undefined,
    ending: () => 'stopping',
    leave: ({ message }) => left.push(message),
  })
  return { source, left, interrupt }
}

describe('a terminal that is lent to another program', () => {
  it('keeps its Ctrl-C to that program, and is ours again when it has ended', async () => {
    const { source, interrupt } = listening()
    interrupt.beginFollowing()
    const program = Promise.withResolvers<void>()
    const lent = interrupt.lend(() => program.promise)
    source.emit('SIGINT')
    source.emit('SIGINT')
    expect(interrupt.signal.aborted).toBe(false)
    program.resolve()
    await lent
    source.emit('SIGINT')
    expect(interrupt.signal.aborted).toBe(true)
  })

  it('is given back after a failure, too; a service manager is heard meanwhile', async () => {
    const { source, interrupt } = listening()
    interrupt.beginFollowing()
    await expect(interrupt.lend(() => Promise.reject(new Error('no such program')))).rejects.toThrow('no such program')
    const lent = interrupt.lend(async () => void source.emit('SIGTERM'))
    await lent
    expect(interrupt.signal.reason).toMatchObject({ code: 'INTERRUPTED' })
  })
})
