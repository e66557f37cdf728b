import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists, writeFileAtomic } from '../../files.ts'
import { type CommitOutcome, commitFiles } from './commit.ts'
import { refused } from './obstacle.ts'
import { isInRepository, openRepository, saidBy } from './repository.ts'

/** What holds secrets, or is made anew from the config. */
const IGNORED = ['/.env', '/journal/', '/lease/', '/releases/', '/config-backups/', '/ingress/', '/updates/', '*.tmp']

/** The config's bytes are what was written, on every system (`core.autocrlf`). */
const ATTRIBUTES = ['*.yml -text']

/**
 * Makes the directory of an instance a repository: `git init`, and a first commit with `.gitignore` and `.gitattributes`;
 * lines that these have already stay. The config is committed by `commitConfig` afterwards. `unchanged` where the directory
 * is in a repository already. Errors: DISK_FULL, FILE_NOT_WRITABLE, FILE_NOT_READABLE; what git refuses is an outcome.
 */
export async function initRepository(
  directory: string,
  { by, command }: { readonly by: string; readonly command: string },
): Promise<CommitOutcome> {
  const root = await realpath(directory)
  if (await isInRepository(root)) return { outcome: 'unchanged' }
  const git = await openRepository(root)
  try {
    const named = (await git.ask('config', '--get', 'init.defaultBranch')) !== undefined
    await git.run(...(named ? [] : ['-c', 'init.defaultBranch=main']), 'init', '--quiet')
  } catch (thrown) {
    return {
      outcome: 'not-committed',
      ...refused(saidBy(thrown), 'Install git, or correct what it names, then run: git init'),
    }
  }
  const files = { '.gitignore': IGNORED, '.gitattributes': ATTRIBUTES }
  for (const [name, lines] of Object.entries(files)) await addLines(join(root, name), lines)
  const names = Object.keys(files)
  const facts = { changes: names, kind: 'in git', reason: null, command, by, number: null }
  return commitFiles(git, names, names, facts)
}

async function addLines(file: string, lines: readonly string[]): Promise<void> {
  const text = (await readFileIfExists(file)) ?? ''
  const there = new Set(text.split(/\r?\n/))
  const missing = lines.filter((line) => !there.has(line))
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  if (missing.length > 0) await writeFileAtomic(file, `${text}${separator}${missing.join('\n')}\n`)
}
