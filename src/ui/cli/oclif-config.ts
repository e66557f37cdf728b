import { Config } from '@oclif/core/config'
import type { Logger } from '@oclif/core/interfaces'
import { setLogger } from '@oclif/core/logger'
import type { PackageFacts } from './manifest.ts'

const silent = (): void => undefined

/** oclif's debugging would load the `debug` package and look at the terminal. */
const LOGGER: Logger = {
  child: () => LOGGER,
  debug: silent,
  error: silent,
  info: silent,
  namespace: 'oclif',
  trace: silent,
  warn: silent,
}

/**
 * As much of a configuration as oclif's commands and parser want. It is never loaded: that would look for plugins, hooks,
 * themes and the user's shell, and finding and loading commands is done by `program.ts`.
 */
export class ProgramConfig extends Config {
  constructor(root: string, { name, version, oclif }: PackageFacts) {
    setLogger({ logger: LOGGER, root })
    super({ root, logger: LOGGER })
    this.root = root
    this.name = name
    this.version = version
    this.bin = oclif.bin
  }

  /** There are none. */
  override async runHook(): Promise<{ failures: []; successes: [] }> {
    return { failures: [], successes: [] }
  }
}
