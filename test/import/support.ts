import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ComposeProject,
  configOf,
  type Mapped,
  type Note,
  readComposeProject,
} from '../../src/core/import/index.ts'
import { loadTemplate } from '../../src/core/stack/index.ts'

export const FIXTURES = join(import.meta.dirname, 'fixtures')
export const SETUP = join(FIXTURES, 'ddalab-setup')

export const ddalab = await loadTemplate(join(import.meta.dirname, '../../templates/ddalab'))

/** A project from texts; files lie in `/srv/ddalab`. */
export function aProject(compose: string, env?: string, given: Partial<ComposeProject> = {}): ComposeProject {
  return {
    files: [{ file: '/srv/ddalab/docker-compose.yml', text: compose }],
    ...(env !== undefined && { env: { file: '/srv/ddalab/.env', text: env } }),
    workingDir: '/srv/ddalab',
    home: '/home/lab',
    running: [],
    readFile: () => undefined,
    ...given,
  }
}

/** The fixture of a whole DDALAB-setup folder. */
export function theSetup(): ComposeProject {
  const file = (name: string) => ({ file: join(SETUP, name), text: readFileSync(join(SETUP, name), 'utf8') })
  return {
    files: [file('docker-compose.yml')],
    env: file('.env'),
    workingDir: SETUP,
    home: '/home/lab',
    running: [],
    readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  }
}

/** What the template of DDALAB makes of a project; the instance is named as the project. */
export function imported(project: ComposeProject, fileExists: (path: string) => boolean = () => false): Mapped {
  const source = readComposeProject(project)
  const mapped = configOf({ source, template: ddalab, instance: source.project, fileExists })
  if (mapped === undefined) throw new Error('no DDALAB')
  return mapped
}

/** A note as one reads it: kind, subject, line. */
export function printed(notes: readonly Note[]): readonly string[] {
  return notes.map(({ kind, what, place }) => `${kind}: ${what}${place?.line === undefined ? '' : ` @${place.line}`}`)
}
