interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Turns a writer of batches into a writer of lines: those that arrive while a batch is being written share the next one, so
 * that parallel steps pay for one sync together. A line resolves or rejects with its batch.
 */
export function groupCommit(write: (batch: readonly string[]) => Promise<void>): (line: string) => Promise<void> {
  let queue: Waiting[] = []
  let writing = false

  const drain = async (): Promise<void> => {
    writing = true
    while (queue.length > 0) {
      const batch = queue
      queue = []
      try {
        await write(batch.map(({ line }) => line))
        for (const { resolve } of batch) resolve()
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown)
      }
    }
    writing = false
  }

  return (line) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    queue.push({ line, resolve, reject })
    if (!writing) void drain()
    return promise
  }
}
