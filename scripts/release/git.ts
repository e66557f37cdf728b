import { execFileSync } from 'node:child_process'

export interface Commit {
  readonly id: string
  readonly subject: string
}

/** What is asked of the repository. */
export interface Repository {
  readonly head: string
  /** Seconds since 1970. */
  readonly at: number
  /** The tags of HEAD itself. */
  readonly tags: readonly string[]
  /** Whether there is nothing in the tree that is not committed. */
  readonly isClean: boolean
  /** Those since the release before, newest first. */
  readonly commits: readonly Commit[]
}

export function readRepository(root: string): Repository {
  const git = (...words: readonly string[]) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  const before = previousTag(git)
  const range = before === undefined ? 'HEAD' : `${before}..HEAD`
  const log = git('log', '--no-merges', '--format=%H%x09%s', range)
  return {
    head: git('rev-parse', 'HEAD'),
    at: Number(git('log', '-1', '--format=%ct')),
    tags: git('tag', '--points-at', 'HEAD').split('\n').filter(Boolean),
    isClean: git('status', '--porcelain', '--untracked-files=no') === '',
    commits: log.split('\n').flatMap((line) => {
      const [id = '', subject = ''] = line.split('\t')
      return id === '' ? [] : [{ id, subject }]
    }),
  }
}

/** The newest tag of a version before HEAD; undefined before the first release. */
function previousTag(git: (...words: readonly string[]) => string): string | undefined {
  try {
    return git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', 'HEAD^')
  } catch {
    return undefined
  }
}
