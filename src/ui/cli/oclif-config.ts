import { Config } from '@oclif/core/config'
import type { Logger, PJSON, Plugin } from '@oclif/core/interfaces'
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
 * The configuration that oclif's commands and parser want, without plugins, hooks or a look at the disk: finding and
 * loading commands is done by `main.ts`.
 */
export function loadOclifConfig(root: string, facts: PackageFacts): Promise<Config> {
  const pjson: PJSON = {
    name: facts.name,
    version: facts.version,
    oclif: { bin: facts.oclif.bin, topicSeparator: ' ' },
  }
  const plugin: Plugin = {
    _base: '',
    alias: facts.name,
    commandIDs: [],
    commands: [],
    commandsDir: undefined,
    findCommand: () => Promise.reject(new Error('commands are loaded by main.ts')),
    hasManifest: false,
    hooks: {},
    isRoot: true,
    load: () => Promise.resolve(),
    moduleType: 'module',
    name: facts.name,
    options: { root },
    pjson,
    root,
    topics: [],
    type: 'core',
    valid: true,
    version: facts.version,
  }
  return Config.load({ root, pjson, logger: LOGGER, plugins: new Map([[facts.name, plugin]]) })
}
