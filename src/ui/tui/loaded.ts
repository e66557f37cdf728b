import { DdalabError, toDdalabError } from '../../core/errors.ts'

/** Something that is read off the path of drawing. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly value: T }
  | ({ readonly kind: 'failed' } & Failure)

/** Why something could not be read or done: all that is wrong at once, each with what to do about it. */
export interface Failure {
  readonly message: string
  readonly hint: string | undefined
  readonly problems: readonly { readonly message: string; readonly hint: string | undefined }[]
}

export const LOADING = { kind: 'loading' } as const

export async function loaded<T>(work: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { kind: 'loaded', value: await work() }
  } catch (thrown) {
    return { kind: 'failed', ...failureOf(thrown) }
  }
}

export function failureOf(thrown: unknown): Failure {
  const { message, options } = thrown instanceof DdalabError ? thrown : toDdalabError(thrown)
  const problems = options.problems?.map((problem) => ({ message: problem.message, hint: problem.hint })) ?? []
  return { message, hint: options.hint, problems }
}
