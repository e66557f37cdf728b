import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Repository, saidBy } from './repository.ts'

/** Why nothing was committed, and what to do about it. */
export interface Obstacle {
  readonly message: string
  readonly hint: string
}

/** Names in git's directory that say what a person is in the middle of. */
const UNDER_WAY = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
] as const

/** What stands in the way of any commit in this repository. */
export async function obstacleIn(git: Repository, directory: string): Promise<Obstacle | undefined> {
  let inside: string
  try {
    inside = await git.run('rev-parse', '--is-inside-work-tree')
  } catch (thrown) {
    const said = saidBy(thrown)
    const hint =
      said === 'git is not installed'
        ? 'Install git to have every change committed, or commit the file elsewhere.'
        : 'Correct what git names, then commit the file by hand.'
    return { message: `The change was not committed: ${said}.`, hint }
  }
  if (inside !== 'true') return refused('the repository is bare', 'Keep the config in a work tree of it.')
  const under = UNDER_WAY.map(([name]) => name)
  const names = [...under, 'index.lock'].flatMap((name) => ['--git-path', name])
  const paths = (await git.run('rev-parse', ...names)).split('\n').map((path) => resolve(directory, path))
  const there = await Promise.all(paths.map(isThere))
  const what = UNDER_WAY.find((_, index) => there[index])?.[1]
  if (what !== undefined) {
    return refused(`a ${what} is under way`, `Finish it (git ${what} --continue), then commit the file.`)
  }
  if (there.at(-1)) {
    return refused(
      'another git command works in this repository',
      'Commit the file when it has ended. If there is none, remove index.lock from the .git directory.',
    )
  }
  if ((await git.ask('symbolic-ref', '--quiet', 'HEAD')) === undefined) {
    return refused('no branch is checked out', 'Check one out (git switch BRANCH), then commit the file.')
  }
  return undefined
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

export function refused(why: string, hint: string): Obstacle {
  return { message: `The change was not committed: ${why}.`, hint }
}
