import type { Finding } from '../finding.ts'
import { getPath, type Path, parsePath } from '../path.ts'
import type { Config, EnvironmentName } from '../schema.ts'

/**
 * `error`: it cannot be deployed, or cannot work as it is written. `warning`: it works, but hardly as it is meant, or not
 * safely. `info`: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info'

/** What is known of a rule without running it; docs/validation.md has one row for each. */
export interface RuleFacts {
  /** Stable: scripts and reviews refer to it. */
  readonly id: string
  readonly severity: Severity
  /** What it finds, for the documentation. */
  readonly about: string
}

/** What a rule judges: one config in one environment. */
export interface Subject {
  /** What holds: the file over the template's defaults, with the overlay of the environment; the secrets opened where they could be. */
  readonly config: Config
  /** What is written in the file, secrets as they stand there. */
  readonly file: Config
  readonly environment: EnvironmentName
  /** The version that the file says. */
  readonly sourceVersion: string
  /** Names from outside the config that a secret must not be: of the instance, of the template. */
  readonly names: readonly string[]
  /** By the schema, or as the template declares it. */
  readonly isSecret: (path: Path) => boolean
  /** Where the template mounts volumes in the container of the main service; undefined when that is not known. */
  readonly mountPoints?: readonly string[]
}

/** A rule over the config alone. Pure. */
export interface Rule extends RuleFacts {
  /** Judged whenever a config is read, and not only when it is validated: only what is certain whatever the template says. */
  readonly onRead?: true
  readonly check: (subject: Subject) => readonly Finding[]
}

/** A finding about the value at a dotted path; the message begins with that path. */
export function at(path: string, message: string, hint: string): Finding {
  return { path: parsePath(path), part: 'value', message: `${path} ${message}`, hint }
}

/** True when the file itself says something at the path, for all environments or for this one. */
export function isWritten({ file, environment }: Subject, path: string): boolean {
  const steps = parsePath(path)
  return [steps, ['environments', environment, ...steps]].some((place) => getPath(file, place) !== undefined)
}

/** Host names and addresses that mean the machine itself. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

export function isWildcard(address: string): boolean {
  return ['0.0.0.0', '::', '[::]'].includes(address)
}
