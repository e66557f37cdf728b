import { resolve } from 'node:path'
import type { Target, World } from '../../core/actions/world.ts'
import type { EnvironmentName } from '../../core/config/environments.ts'
import { withHome } from '../../core/environment.ts'
import { DEFAULT_INSTANCE } from '../../core/instance/index.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'

/** The flags that say which instance, where, in which environment, and through which engine. */
export interface PlaceFlags {
  readonly instance?: string | undefined
  readonly 'config-dir'?: string | undefined
  readonly file?: string | undefined
  readonly context?: string | undefined
  readonly environment?: EnvironmentName | undefined
}

/** What an action needs from outside, from the shell and the flags. `command` is the line as typed, for journal and lease. */
export function worldOf(
  shell: Shell,
  { templatesDir, templateFiles }: Installation,
  command: string,
  flags: PlaceFlags,
): World {
  const directory = flags['config-dir']
  return {
    environment: directory === undefined ? shell.environment : withHome(shell.environment, resolve(directory)),
    templatesDir,
    templateFiles,
    sink: shell.events,
    signal: shell.signal,
    now: shell.now,
    command,
    hide: shell.hide,
  }
}

export function targetOf({ instance, file, context, environment }: PlaceFlags): Target {
  return {
    instance: instance ?? DEFAULT_INSTANCE,
    ...(file !== undefined && { configFile: resolve(file) }),
    ...(context !== undefined && { context }),
    ...(environment !== undefined && { environment }),
  }
}

/** The command line of another command on the same instance: `ddalab logs -i lab`. What it says itself stays said once. */
export function sameInstance(words: string, flags: PlaceFlags, configHome: string): string {
  const said = words.split(' ')
  const place = placePairs(flags, configHome).filter(([flag]) => !said.includes(flag))
  return ['ddalab', words, ...place.flat().map(quote)].join(' ')
}

/** The flags of the instance as words, those that are not needed left out: `-i`, `lab`. */
export function placeWords(flags: PlaceFlags, configHome: string): readonly string[] {
  return placePairs(flags, configHome).flat()
}

function placePairs(flags: PlaceFlags, configHome: string): readonly (readonly [flag: string, value: string])[] {
  const { instance = DEFAULT_INSTANCE, 'config-dir': directory, file, context, environment } = flags
  return [
    ...(instance === DEFAULT_INSTANCE ? [] : [['-i', instance] as const]),
    ...(directory === undefined || resolve(directory) === configHome ? [] : [['--config-dir', directory] as const]),
    ...(file === undefined ? [] : [['-f', file] as const]),
    ...(context === undefined ? [] : [['--context', context] as const]),
    ...(environment === undefined ? [] : [['--environment', environment] as const]),
  ]
}

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
