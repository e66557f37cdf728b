import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lab } from '../lab/lab.ts'

/** The real Compose binary, which says what a Compose file and an env file mean; '' where the lab has none. */
export const compose = lab.compose

/** A directory with these files for the duration of `use`. */
export function withFiles<T>(files: Readonly<Record<string, string>>, use: (directory: string) => T): T {
  const directory = directoryWith(files)
  try {
    return use(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The same for what takes its time. */
export async function withFilesAsync<T>(
  files: Readonly<Record<string, string>>,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = directoryWith(files)
  try {
    return await use(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'ddalab-stack-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  return directory
}

/** What `docker compose config --format json` prints in a directory; throws with its complaint. */
export function composeConfig(
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  ...words: readonly string[]
): unknown {
  return JSON.parse(run(directory, [...words, 'config', '--format', 'json'], environment))
}

/** What a command of Compose prints in a directory. */
export function composeText(directory: string, ...words: readonly string[]): string {
  return run(directory, words, {})
}

function run(directory: string, words: readonly string[], environment: Readonly<Record<string, string>>): string {
  return execFileSync(compose, words, {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: '/home/lab', ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What Compose complains of in a directory; '' when it accepts the files. */
export function composeComplaint(directory: string, environment: Readonly<Record<string, string>> = {}): string {
  const run = spawnSync(compose, ['config', '--quiet'], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: '/home/lab', ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return run.status === 0 ? '' : run.stderr
}

/** The environment of one service in Compose's answer, with `$$` as `$` again. */
export function environmentOf(config: unknown, service: string): Readonly<Record<string, string>> {
  const environment = at(at(at(config, 'services'), service), 'environment')
  return Object.fromEntries(
    Object.entries(environment ?? {}).map(([name, value]) => [name, String(value).replaceAll('$$', '$')]),
  )
}

function at(value: unknown, key: string): object | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const found: unknown = Reflect.get(value, key)
  return found !== null && typeof found === 'object' ? found : undefined
}
