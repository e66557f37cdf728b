import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** ms: by then all that it needs is loaded. */
const LOADED = 5_000

/**
 * Makes V8 keep little garbage: from now on for the young, which take no less room ever again once they had it, and for the
 * old as soon as the start is over, which that would slow down. The dashboard is open for days and makes short-lived text all
 * the time: left alone, the heap grows to some times of what is in it. (V8's `--optimize-for-size` saves a little more, and
 * takes twice the processor under load.)
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setTimeout(() => {
    setFlagsFromString('--heap-growing-percent=10')
    // What the start left goes at once, with the code that ran only then.
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')({ type: 'major', flavor: 'last-resort' })
  }, LOADED).unref()
}
