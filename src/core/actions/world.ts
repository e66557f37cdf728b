import type { EnvironmentName } from '../config/environments.ts'
import type { Environment } from '../environment.ts'
import type { EventSink } from '../kernel/index.ts'
import type { TemplateFiles } from '../stack/template-files.ts'

/** Everything an action needs from outside. The command line makes one for each command. */
export interface World {
  readonly environment: Environment
  /** Where the templates that the program brings lie, absolute. */
  readonly templatesDir: string
  /** What reads them there; the disk when left out. */
  readonly templateFiles?: TemplateFiles
  readonly sink: EventSink
  /** Aborted by Ctrl-C or `--timeout`; its reason is the error to end with. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** The command as typed, without secret values: for the lease, the journal and the release. */
  readonly command: string
  /** Masks these values in everything that leaves the program from now on. */
  hide(secrets: Iterable<string>): void
}

/** Which instance, in which environment, and through which engine. */
export interface Target {
  readonly instance: string
  /** `-f FILE`: a config to work on in place instead of the instance's own. */
  readonly configFile?: string
  /** `--environment NAME`; without it the config says for which environment it is. */
  readonly environment?: EnvironmentName
  /** `--context NAME`: a Docker context. */
  readonly context?: string
}
