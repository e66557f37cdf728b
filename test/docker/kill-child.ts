/**
 * A process to be killed: replaces a container on a real engine and kills itself at the N-th line of its journal.
 *
 *     kill-child HOST DIRECTORY PROJECT N before|after
 */
import { argv, exit, kill, pid } from 'node:process'
import type { Journal, JournalStore } from '../../src/core/kernel/index.ts'
import { Deployer } from '../support/deployer.ts'
import { killedStack } from './killed-stack.ts'

const [, , host = '', directory = '', project = '', line, moment] = argv

async function die(): Promise<never> {
  kill(pid, 'SIGKILL')
  return new Promise(() => {})
}

function deadly(store: JournalStore): JournalStore {
  let lines = 0
  const wrap = (journal: Journal): Journal => ({
    append: async (record) => {
      lines += 1
      const here = lines === Number(line)
      if (here && moment === 'before') await die()
      await journal.append(record)
      if (here && moment === 'after') await die()
    },
    close: () => journal.close(),
  })
  return { ...store, create: async (run) => wrap(await store.create(run)) }
}

const deployer = await Deployer.on(host, { directory, around: deadly })
await deployer.deploy(killedStack(project, 'new'))
exit(0)
