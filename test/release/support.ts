import { DdalabError } from '../../src/core/errors.ts'

/** What a call throws, which has to be an error of ours. */
export function rejectionOf(call: () => unknown): DdalabError {
  try {
    call()
  } catch (thrown) {
    if (thrown instanceof DdalabError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}
