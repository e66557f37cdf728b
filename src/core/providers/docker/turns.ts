/**
 * Lets so many pieces of work go on at once, the others wait for their turn in the order in which they came. `atOnce` is asked
 * once, for the first piece; when it rejects, so does the work.
 */
export function turns(atOnce: () => Promise<number>): (work: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = []
  let free: Promise<number> | undefined
  let taken = 0
  return async (work) => {
    free ??= atOnce()
    const most = await free
    if (taken >= most) await new Promise<void>((go) => waiting.push(go))
    else taken += 1
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) taken -= 1
      else next()
    }
  }
}
