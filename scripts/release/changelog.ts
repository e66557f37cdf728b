import type { Commit } from './git.ts'

/** What has changed, from the subjects of the commits, newest first. `at`: seconds since 1970. */
export function changelog(version: string, commits: readonly Commit[], exclude: readonly RegExp[], at: number): string {
  const told = commits.filter(({ subject }) => !exclude.some((pattern) => pattern.test(subject)))
  const lines = told.map(({ id, subject }) => `- ${subject} (${id.slice(0, 7)})`)
  return [
    `# ddalab ${version} (${dateOf(at)})`,
    '',
    ...(lines.length === 0 ? ['Nothing that users see.'] : lines),
    '',
  ].join('\n')
}

/** YYYY-MM-DD, in UTC. */
export function dateOf(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10)
}
