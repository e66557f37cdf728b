import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { DdalabError } from '../../../../errors.ts'
import type { CallOptions, Done, DoneOrAbsent, LabelFilter } from '../engine.ts'
import { describeEngineError, statusOf } from '../engine-errors.ts'
import type { ReadRequest } from '../transport.ts'

/** How calls reach the engine. What is only read is asked for as it is; all else is dockerode's, which is loaded on use. */
export interface Access {
  /** The answer to a GET of `/containers/json`, decoded. Errors: those of the connection, HttpError. */
  get(path: string, request?: ReadRequest): Promise<object>
  docker(): Promise<Docker>
}

/** Runs a call; what it throws comes out as a DdalabError that says what could not be done. */
export async function attempt<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (thrown) {
    throw describeEngineError(thrown, doing)
  }
}

/** The same for something that may be absent: 404 is undefined. */
export async function lookUp<T>(doing: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined
    throw describeEngineError(thrown, doing)
  }
}

/** What some answers of the engine mean for one call, by HTTP status; the message decides where one status means several things. */
interface Meanings<R> {
  readonly [status: number]: R | ((error: DdalabError) => R | undefined)
}

/** Rule 30: a call whose refusal may mean that there is nothing to do. */
export async function effect<R extends DoneOrAbsent = Done>(
  doing: string,
  call: () => Promise<unknown>,
  meanings: Meanings<R>,
): Promise<R | 'done'> {
  try {
    await call()
    return 'done'
  } catch (thrown) {
    const error = describeEngineError(thrown, doing)
    const meaning = meanings[statusOf(thrown) ?? 0]
    const result = typeof meaning === 'function' ? meaning(error) : meaning
    if (result === undefined) throw error
    return result
  }
}

/** `already` when the engine's words say that the thing is so. */
export const alreadyWhen = (says: RegExp) => (error: DdalabError) => (says.test(error.message) ? 'already' : undefined)

/** A request as dockerode hands it through to `Transport.dial`: query, body and signal apart from each other. */
export function wire({ query, body, signal }: { query?: object; body?: object } & CallOptions): {
  readonly _query?: object
  readonly _body?: object
  readonly abortSignal?: AbortSignal
} {
  return {
    _query: query ?? {},
    ...(body !== undefined && { _body: body }),
    ...(signal !== undefined && { abortSignal: signal }),
  }
}

/** dockerode's streams under the type they have. */
export function readable(stream: NodeJS.ReadableStream): Readable {
  return stream instanceof Readable ? stream : new Readable().wrap(stream)
}

/** Filters as the API takes them: a JSON map of lists. */
export function filters(wanted: {
  readonly labels?: LabelFilter
  readonly [filter: string]: string | readonly string[] | LabelFilter | undefined
}): { readonly filters?: string } {
  const { labels = {}, ...rest } = wanted
  const label = Object.entries(labels).map(([name, value]) => (value === true ? name : `${name}=${value}`))
  const entries = Object.entries({ ...rest, ...(label.length > 0 && { label }) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'string' ? [value] : value])
  return entries.length === 0 ? {} : { filters: JSON.stringify(Object.fromEntries(entries)) }
}
