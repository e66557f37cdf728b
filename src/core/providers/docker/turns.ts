/** Does a piece of work when it is its turn: the most urgent first, and of two as urgent the one that came first. */
export type InTurn = <T>(urgency: number, work: () => Promise<T>) => Promise<T>

/**
 * Lets so many pieces of work go on at once, the others wait for their turn. `atOnce` is asked once, for the first piece; when
 * it rejects, so does the work.
 */
export function turns(atOnce: () => Promise<number>): InTurn {
  const waiting: { readonly urgency: number; go(): void }[] = []
  let free: Promise<number> | undefined
  let taken = 0
  const turn = (urgency: number) =>
    new Promise<void>((go) => {
      const place = waiting.findIndex((other) => other.urgency < urgency)
      waiting.splice(place === -1 ? waiting.length : place, 0, { urgency, go })
    })
  return async (urgency, work) => {
    free ??= atOnce()
    const most = await free
    if (taken >= most) await turn(urgency)
    else taken += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) taken -= 1
      else next.go()
    }
  }
}
