import type { Place } from '../errors.ts'
import type { Network, Service, Volume } from '../stack/model.ts'

/** What runs today, wherever it was read from: a Compose project in normal form, with the places of what was written. */
export interface Source {
  /** The Compose project's name: the prefix of its containers, networks and volumes. */
  readonly project: string
  /** The directory that it was deployed from, as Compose writes it on the containers; undefined when there is none. */
  readonly workingDir?: string
  readonly services: { readonly [name: string]: SourceService }
  readonly networks: { readonly [key: string]: Network }
  readonly volumes: { readonly [key: string]: Volume }
  /** What reading it had to say. */
  readonly notes: readonly Note[]
  /** Where a volume, a network and the like is declared; undefined where nothing is written, as for containers. */
  readonly place: PlaceOf
}

/** A service, and where its parts are written. */
export interface SourceService {
  readonly service: Service
  /** It runs: it belongs to no profile, or to one that is switched on. */
  readonly active: boolean
  readonly profiles: readonly string[]
  /** The keys that are written. */
  readonly keys: readonly string[]
  /** Contents of the files that it gets as secrets, by their path in the container. */
  readonly secretFiles: { readonly [target: string]: string }
  /** The place of a key of it, or of one entry in that: a variable, a label, an item of a list by its number. */
  readonly place: PlaceOf
}

export type PlaceOf = (key: string, entry?: string | number) => Place | undefined

/**
 * What became of something in the source:
 * - `data`: data would not be found again; the import is refused
 * - `warning`: carried over, and a person should look at it
 * - `changed`: carried over, works in another way
 * - `left out`: not carried over
 * - `replaced`: the template has its own in its place
 */
export type NoteKind = 'data' | 'warning' | 'changed' | 'left out' | 'replaced'

export interface Note {
  readonly kind: NoteKind
  /** What it is about, such as `container_name of postgres`; never a value. */
  readonly what: string
  readonly why: string
  readonly place?: Place
}

/** One setting of the config to be. */
export interface Setting {
  /** As in `formatPath`. */
  readonly path: string
  readonly value: unknown
}

/** What one part of the source comes to. */
export interface Part {
  readonly settings: readonly Setting[]
  readonly notes: readonly Note[]
}

export function note(kind: NoteKind, what: string, why: string, place?: Place): Note {
  return { kind, what, why, ...(place !== undefined && { place }) }
}

export function joined(parts: readonly Part[]): Part {
  return { settings: parts.flatMap(({ settings }) => settings), notes: parts.flatMap(({ notes }) => notes) }
}
