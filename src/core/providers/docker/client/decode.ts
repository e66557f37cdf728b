import { DdalabError } from '../../../errors.ts'

/**
 * Reads one value out of an engine's answer; `at` says where it lies, for the error.
 * A small relative of zod: `status` must not pay for loading a schema library.
 */
export type Decoder<T> = (value: unknown, at: string) => T
export type Decoded<D> = D extends Decoder<infer T> ? T : never

function unexpected(at: string, wanted: string): DdalabError {
  return new DdalabError('UNEXPECTED', `The engine's answer has no ${wanted} at ${at}`, {
    hint: 'Is this a Docker engine? Run `docker version` against the same endpoint and report both.',
  })
}

export const text: Decoder<string> = (value, at) => {
  if (typeof value === 'string') return value
  throw unexpected(at, 'text')
}

export const integer: Decoder<number> = (value, at) => {
  if (typeof value === 'number') return value
  throw unexpected(at, 'number')
}

export const flag: Decoder<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value
  throw unexpected(at, 'boolean')
}

/** Absent and null alike are undefined. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => (value === undefined || value === null ? undefined : decode(value, at))
}

/** Absent and null alike are `fallback`: Go leaves zero values out. */
export function withDefault<T>(decode: Decoder<T>, fallback: T): Decoder<T> {
  return (value, at) => (value === undefined || value === null ? fallback : decode(value, at))
}

/** A list; null, Go's empty slice, is the empty list. */
export function list<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    if (value === undefined || value === null) return []
    if (!Array.isArray(value)) throw unexpected(at, 'list')
    return value.map((item: unknown, index) => decode(item, `${at}[${index}]`))
  }
}

/** A map by name; null, Go's empty map, is the empty map. */
export function mapOf<T>(decode: Decoder<T>): Decoder<{ readonly [name: string]: T }> {
  return (value, at) => {
    if (value === undefined || value === null) return {}
    if (typeof value !== 'object' || Array.isArray(value)) throw unexpected(at, 'map')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, `${at}.${key}`)]))
  }
}

type Fields = { readonly [name: string]: Decoder<unknown> }

/** An object with these fields; others are left out. */
export function record<F extends Fields>(fields: F): Decoder<{ readonly [K in keyof F]: Decoded<F[K]> }>
export function record(fields: Fields): Decoder<{ readonly [name: string]: unknown }> {
  const entries = Object.entries(fields)
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(at, 'object')
    const found: { [name: string]: unknown } = {}
    for (const [name, decode] of entries) found[name] = decode(Reflect.get(value, name), `${at}.${name}`)
    return found
  }
}
