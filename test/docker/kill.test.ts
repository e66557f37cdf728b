import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { Deployer } from '../support/deployer.ts'
import { killedStack } from './killed-stack.ts'

/** Lines of the journal of one replacement: begin, four steps, verdict, two commit steps, end. */
const LINES = 1 + 4 * 2 + 1 + 2 * 2 + 1
const deaths = Array.from({ length: LINES }, (_, index) => index + 1).flatMap((line) =>
  (['before', 'after'] as const).map((moment) => ({ line, moment })),
)

const [engine] = lab.engines.slice(-1)

describe.skipIf(engine === undefined)('rules 02, 03, 04, 31: killed in the middle of a replacement', () => {
  test.concurrent.each(deaths)(
    '$moment line $line, the next command leaves the old or the new version',
    async ({ line, moment }) => {
      const host = engine?.host ?? ''
      const project = `kill-${randomUUID().slice(0, 8)}`
      const deployer = await Deployer.on(host)
      try {
        await deployer.deploy(killedStack(project, 'old'))
        const old = await deployer.container(killedStack(project, 'old'), 'web')

        const child = spawn(
          process.execPath,
          [
            fileURLToPath(new URL('kill-child.ts', import.meta.url)),
            host,
            deployer.directory,
            project,
            String(line),
            moment,
          ],
          { stdio: 'inherit' },
        )
        const [, signal] = await once(child, 'exit')
        expect(signal).toBe('SIGKILL')
        await deployer.recover()

        expect(await deployer.journals.unfinished()).toBeUndefined()
        const web = await deployer.container(killedStack(project, 'old'), 'web')
        expect(web).toMatchObject({
          name: `${project}-web-1`,
          state: 'running',
          restartPolicy: { name: 'unless-stopped' },
        })
        // Up to the line that holds the verdict it is the old one, after it the new one.
        const verdict = 1 + 4 * 2 + 1
        const committed = line > verdict || (line === verdict && moment === 'after')
        expect(web.id === old.id).toBe(!committed)
      } finally {
        await deployer.close()
      }
    },
  )
})
