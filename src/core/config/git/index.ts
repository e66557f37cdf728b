/** The config in git: one commit for each change. simple-git is loaded only where there is a repository. */
export { type CommitOutcome, type ConfigCommit, commitConfig } from './commit.ts'
export { initRepository } from './init.ts'
