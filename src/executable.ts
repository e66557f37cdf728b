import { dirname, join, relative, sep } from 'node:path'
import type { TemplateFiles } from './core/stack/template-files.ts'
import { runProgram } from './program.ts'
import type { CommandGroup, Installation } from './ui/cli/installation.ts'

/** What the loader of the executable (`scripts/executable/loader.ts`) gives the program. */
export interface Inside {
  /** The paths of all files inside, with `/`. */
  readonly paths: readonly string[]
  /** The text of one of them; undefined where there is none. */
  read(path: string): string | undefined
  /** Loads a bundle. */
  load(bundle: string): CommandGroup
}

/** The entry of the executable. */
export function start(inside: Inside): void {
  void runProgram(installationInside(inside, process.execPath), process.argv.slice(2))
}

/** The program as one file, which holds all that it needs; what lies inside has a path below that of the file. */
export function installationInside(inside: Inside, file: string): Installation {
  const json = (path: string) => JSON.parse(inside.read(path) ?? 'null')
  return {
    root: dirname(file),
    templatesDir: join(file, 'templates'),
    templateFiles: filesInside(inside, file),
    self: [file],
    manifest: () => json('oclif.manifest.json'),
    groups: () => json('groups.json'),
    facts: () => json('package.json'),
    licenses: () => json('licenses.json'),
    commands: async (group) => inside.load(`commands/${group}.js`),
  }
}

function filesInside(inside: Inside, file: string): TemplateFiles {
  const within = (path: string) => relative(file, path).split(sep).join('/')
  return {
    read: async (path) => {
      const text = inside.read(within(path))
      if (text === undefined) throw Object.assign(new Error(`there is no ${path}`), { code: 'ENOENT' })
      return text
    },
    folders: async (path) => {
      const start = `${within(path)}/`
      const below = inside.paths.filter((other) => other.startsWith(start)).map((other) => other.slice(start.length))
      return [...new Set(below.filter((rest) => rest.includes('/')).map((rest) => rest.replace(/\/.*/, '')))].toSorted()
    },
  }
}
