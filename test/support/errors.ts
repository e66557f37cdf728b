import { DdalabError } from '../../src/core/errors.ts'

/** The error that a call throws, which has to be one of ours. */
export function errorOf(call: () => unknown): DdalabError {
  try {
    call()
  } catch (thrown) {
    return expectOurs(thrown)
  }
  throw new Error('nothing was thrown')
}

/** The error that a promise is rejected with, which has to be one of ours. */
export async function rejection(promise: Promise<unknown>): Promise<DdalabError> {
  try {
    await promise
  } catch (thrown) {
    return expectOurs(thrown)
  }
  throw new Error('nothing was thrown')
}

function expectOurs(thrown: unknown): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  throw thrown
}
