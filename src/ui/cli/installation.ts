import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diskFiles, type TemplateFiles } from '../../core/stack/template-files.ts'
import type { CommandClass } from './base-command.ts'
import { type Groups, groupsOf, type Manifest, type PackageFacts, readManifest, readPackage } from './manifest.ts'

/** The commands of a group, by their ids. */
export type CommandGroup = Readonly<Record<string, CommandClass>>

/** What one package that is part of the program says about its licence. */
export interface License {
  readonly name: string
  readonly version: string
  /** An SPDX expression. */
  readonly license: string
  /** The whole text, as the package brings it. */
  readonly text: string
}

/** What the program brings along beside its code, and how it is started. It lies in a folder, or all of it in one file. */
export interface Installation {
  /** The folder that it lies in. */
  readonly root: string
  readonly templatesDir: string
  readonly templateFiles: TemplateFiles
  /** The words that start this program once more, before those of a command: the one place that knows them. */
  readonly self: readonly [string, ...string[]]
  manifest(): Manifest
  /** `groupsOf` the manifest, which is long. */
  groups(): Groups
  facts(): PackageFacts
  /** Of everything that is part of the program, by name. */
  licenses(): readonly License[]
  /** Loads the bundle of a group, see `scripts/command-groups.ts`. */
  commands(group: string): Promise<CommandGroup>
}

/** The program as a package of Node, in a folder. */
export function packageInstallation(root: string, commands: (group: string) => Promise<CommandGroup>): Installation {
  return {
    root,
    templatesDir: join(root, 'templates'),
    templateFiles: diskFiles,
    self: [process.execPath, join(root, 'bin', 'run.js')],
    manifest: () => readManifest(root),
    groups: () => groupsOf(readManifest(root)),
    facts: () => readPackage(root),
    licenses: () => JSON.parse(readFileSync(join(root, 'dist', 'licenses.json'), 'utf8')),
    commands,
  }
}
