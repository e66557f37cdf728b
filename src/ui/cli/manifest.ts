import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A flag as start-up, help and completion know it. */
export interface FlagFacts {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly description?: string
  readonly options?: readonly string[]
  readonly env?: string
  readonly helpGroup?: string
  readonly helpValue?: string
  readonly hidden?: boolean
  readonly required?: boolean
  readonly multiple?: boolean
  readonly default?: unknown
}

export interface ArgumentFacts {
  readonly name: string
  readonly description?: string
  readonly options?: readonly string[]
  readonly required?: boolean
  readonly multiple?: boolean
}

export interface CommandFacts {
  /** `config:show`. */
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly examples?: readonly string[]
  readonly hidden?: boolean
  readonly flags: { readonly [name: string]: FlagFacts }
  readonly args: { readonly [name: string]: ArgumentFacts }
  /** Where it stands in the help of the program. */
  readonly group?: string
  /** What follows `--`, for the usage line: `COMMAND [ARGUMENT...]`. */
  readonly tail?: string
}

/** What `scripts/manifest.ts` wrote of the command classes. */
export interface Manifest {
  readonly version: string
  readonly commands: { readonly [id: string]: CommandFacts }
}

/** With what each command is loaded, by its id: all that start-up has to know of most of them. */
export type Groups = { readonly [id: string]: string }

/** What is run all day, and is to be there at once: it is loaded without what stands beside it in the help. */
const DAILY: readonly string[] = ['deploy', 'status']

/** The groups of the help, and `daily`. */
export function groupsOf({ commands }: Manifest): Groups {
  return Object.fromEntries(
    Object.entries(commands).map(([id, { group = 'more' }]) => [id, DAILY.includes(id) ? 'daily' : group]),
  )
}

/** The parts of package.json that are used at run time. */
export interface PackageFacts {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly oclif: {
    readonly bin: string
    readonly topics: { readonly [name: string]: { readonly description: string } }
  }
}

/** Both files are our own and checked by `npm run check`: they are read, not validated. */
export function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
}

export function readPackage(root: string): PackageFacts {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}

/** Ids that people see, as they are typed. */
export function visibleCommands(manifest: Manifest): string[] {
  return Object.values(manifest.commands)
    .filter((command) => command.hidden !== true)
    .map((command) => command.id.replaceAll(':', ' '))
}
