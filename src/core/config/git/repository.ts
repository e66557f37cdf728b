import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The commands of git in one directory. */
export interface Repository {
  /** What it prints, without the space around. Throws when it fails, with what git said. */
  run(...args: readonly string[]): Promise<string>
  /** The same for a question to which failing is an answer: undefined. */
  ask(...args: readonly string[]): Promise<string | undefined>
}

/**
 * What git may be told through the environment: who commits, and where the user's settings are. Everything else (GIT_DIR,
 * GIT_INDEX_FILE, ...) could lead to another repository, as inside a hook, and is kept from it by simple-git.
 */
const ALLOWED = [
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
]

/** Paths are meant literally; line ends that git would not give back are no reason to fail; nothing goes on in the background. */
const ALWAYS = ['--literal-pathspecs', '-c', 'core.safecrlf=false', '-c', 'maintenance.auto=false', '-c', 'gc.auto=0']

/** A hook that says nothing for so long hangs (milliseconds). */
const PATIENCE = 120_000

/** Git in a directory; simple-git is loaded here. */
export async function openRepository(directory: string): Promise<Repository> {
  const { simpleGit } = await import('simple-git')
  const git = simpleGit({
    baseDir: directory,
    allowEnvironment: ALLOWED,
    timeout: { block: PATIENCE },
    // Hooks of the user may abbreviate options.
    unsafe: { allowAbbreviatedOptions: true },
    errors(error, { exitCode, stdOut, stdErr }) {
      if (error !== undefined) return error
      const said = Buffer.concat([...stdErr, ...stdOut])
        .toString()
        .trim()
      return exitCode === 0 ? undefined : new Error(said === '' ? `git ended with exit code ${exitCode}` : said)
    },
  })
  const run = async (...args: readonly string[]) => (await git.raw([...ALWAYS, ...args])).trim()
  return { run, ask: (...args) => run(...args).catch(() => undefined) }
}

/** Whether a directory, or one above it, is a repository: asked without git, for those who have none. */
export async function isInRepository(directory: string): Promise<boolean> {
  const found = await lstat(join(directory, '.git')).then(
    () => true,
    () => false,
  )
  const parent = dirname(directory)
  return found || (parent !== directory && isInRepository(parent))
}

/** The last lines of what git, or a hook, said. */
export function saidBy(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  if (/\bspawn git\b.*ENOENT|\bENOENT\b.*\bgit\b/.test(text)) return 'git is not installed'
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-6)
    .join('\n')
}
