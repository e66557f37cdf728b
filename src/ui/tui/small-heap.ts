import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 collect garbage early and keep little of it, from now on. The dashboard is open for days and makes short-lived text
 * all the time: left alone, the heap grows to some times of what is in it.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--optimize-for-size')
}
