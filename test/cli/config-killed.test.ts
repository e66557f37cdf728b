import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { historyStore } from '../../src/core/config/history/index.ts'
import { ddalab, startDdalab } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** The real program, killed while it changes a config. Whatever the moment: nothing is lost, and the next command works. */

const HOOK = pathToFileURL(join(import.meta.dirname, 'kill-at-step.mjs')).href
/** With those before each step more than 100 deaths. */
const ROUNDS = 80
const SECRET = 'a-password-to-look-for'

let home = ''
let file = ''
const env = () => ({ DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere.sock' })
const run = (...args: readonly string[]) => ddalab(args, { env: env() })
const text = () => readFileSync(file, 'utf8')

beforeEach(async () => {
  home = aFolder()
  file = join(home, 'instances', 'ddalab', 'deployment-config.yml')
  expect(await run('init', '--set', 'api.port=9000')).toMatchObject({ code: 0 })
})

function leftovers(): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
}

/** The next command works, and clears away what the killed one left; the history has everything and can be read. */
async function goOn(port: number): Promise<void> {
  expect(await run('config', 'set', `api.port=${port}`)).toMatchObject({ code: 0 })
  expect(leftovers()).toEqual([])
  const store = historyStore(join(dirname(file), 'config-backups'))
  const { entries, problems, outside } = await store.list(readFileSync(file))
  expect([problems, outside]).toEqual([[], false])
  expect(entries.at(-1)).toMatchObject({ current: true, written: true, kept: true })
}

describe('kill -9 of config set', () => {
  // An executable takes no NODE_OPTIONS, by which the steps are found.
  it.skipIf(process.env.DDALAB_BIN !== undefined)(
    'before every step that it takes on the disk, with a secret to encrypt',
    async () => {
      let kills = 0
      for (let step = 1; ; step += 1) {
        const before = text()
        const port = 9100 + step
        const { signal, code } = await ddalab(
          ['config', 'set', `api.port=${port}`, '--set-file', 'auth.ldap.bindPassword=-'],
          {
            env: { ...env(), NODE_OPTIONS: `--import=${HOOK}`, KILL_AT_STEP: String(step) },
            input: `${SECRET}${step}\n`,
          },
        )
        if (signal === null) {
          expect(code).toBe(0)
          break
        }
        expect(signal).toBe('SIGKILL')
        kills += 1
        const now = text()
        if (now !== before) {
          expect(now).toContain(`port: ${port}`)
          expect(now).toMatch(/bindPassword: ENC\[/)
          expect(now.endsWith('\n')).toBe(true)
        }
        expect(now).not.toContain(SECRET)
        await goOn(9500 + step)
      }
      expect(kills).toBeGreaterThan(20)
    },
  )

  it('at moments spread over the part of its run in which it writes', async () => {
    const started = performance.now()
    await run('config', 'set', 'api.port=9001')
    const whole = performance.now() - started
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = text()
      const port = 10_000 + round
      const { child, finished } = startDdalab(['config', 'set', `api.port=${port}`], { env: env() })
      setTimeout(() => child.kill('SIGKILL'), whole * (0.4 + (0.7 * round) / ROUNDS))
      await finished
      const now = text()
      if (now !== before) expect(now).toBe(before.replace(/port: \d+/, `port: ${port}`))
    }
    await goOn(20_000)
  })
})
