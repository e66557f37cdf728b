import { createHash } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SCHEMA_FILE } from '../new-config.ts'
import { type CommitFacts, commitMessage } from './message.ts'
import { type Obstacle, obstacleIn, refused } from './obstacle.ts'
import { isInRepository, openRepository, type Repository, saidBy } from './repository.ts'

export interface ConfigCommit extends CommitFacts {
  /** Of the bytes that were written, hex: only these are committed. */
  readonly sha256: string
  /** Whether those bytes hold a secret that is not encrypted: then they are not committed. */
  readonly plainSecrets: boolean
}

export type CommitOutcome =
  | { readonly outcome: 'committed'; readonly commit: string }
  /** No repository, or the repository has exactly this already. */
  | { readonly outcome: 'no-repository' | 'unchanged' }
  /** A warning: the config is written all the same. */
  | ({ readonly outcome: 'not-committed' } & Obstacle)

/**
 * Commits the config file when it lies in a work tree of git: one commit with this file, and with its schema file while git
 * does not know that one. What others have staged stays staged, and is not in the commit. Never throws.
 */
export async function commitConfig(file: string, facts: ConfigCommit): Promise<CommitOutcome> {
  try {
    const target = await realpath(file)
    const directory = dirname(target)
    if (!(await isInRepository(directory))) return { outcome: 'no-repository' }
    if (facts.plainSecrets) {
      return notCommitted(
        'it has a secret in plain text',
        'Encrypt it (the next change by ddalab does), then commit the file.',
      )
    }
    const git = await openRepository(directory)
    const obstacle = await obstacleIn(git, directory)
    if (obstacle !== undefined) return { outcome: 'not-committed', ...obstacle }
    if (
      createHash('sha256')
        .update(await readFile(target))
        .digest('hex') !== facts.sha256
    ) {
      return notCommitted('something else changed the file meanwhile', 'Look at it, then commit it by hand.')
    }
    const config = basename(target)
    const status = await statusOf(git, config)
    if (status === '') return { outcome: 'unchanged' }
    if (status.startsWith('!!')) {
      return notCommitted('git ignores the file', 'Take it out of .gitignore to have its changes committed.')
    }
    const isNew = (text: string) => text.startsWith('??')
    const added = [
      ...(isNew(status) ? [config] : []),
      ...(isNew(await statusOf(git, SCHEMA_FILE)) ? [SCHEMA_FILE] : []),
    ]
    return await commitFiles(git, [...new Set([config, ...added])], added, facts)
  } catch (thrown) {
    return notCommitted(saidBy(thrown), 'Commit the file by hand.')
  }
}

const statusOf = (git: Repository, name: string) =>
  git.run('status', '--porcelain', '--untracked-files=all', '--ignored', '--', name)

/** One commit of these files as they are on disk. Files that git does not know yet are named in `added`. */
export async function commitFiles(
  git: Repository,
  files: readonly string[],
  added: readonly string[],
  facts: CommitFacts,
): Promise<CommitOutcome> {
  const identity = await missingIdentity(git, facts.by)
  try {
    if (added.length > 0) await git.run('add', '--intent-to-add', '--', ...added)
    await git.run(...identity, 'commit', '--quiet', '--only', '-m', commitMessage(facts), '--', ...files)
  } catch (thrown) {
    // Git is to know no more than before.
    if (added.length > 0) await git.ask('rm', '--quiet', '--force', '--cached', '--', ...added)
    return notCommitted(saidBy(thrown), 'Correct what is named, then commit the file by hand.')
  }
  return { outcome: 'committed', commit: await git.run('rev-parse', '--short', 'HEAD') }
}

/** Options with a name and an address for those that git has not been told, for one command only. */
async function missingIdentity(git: Repository, by: string): Promise<readonly string[]> {
  const told = (role: string) => git.ask('-c', 'user.useConfigOnly=true', 'var', `GIT_${role}_IDENT`)
  if ((await told('AUTHOR')) !== undefined && (await told('COMMITTER')) !== undefined) return []
  const name = (await git.ask('config', '--get', 'user.name')) ?? by.split('@')[0]
  const email = (await git.ask('config', '--get', 'user.email')) ?? by
  return ['-c', `user.name=${name}`, '-c', `user.email=${email}`]
}

function notCommitted(why: string, hint: string): CommitOutcome {
  return { outcome: 'not-committed', ...refused(why, hint) }
}
