import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventsIn, Instance } from '../faults/support/instance.ts'
import { docker, serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { publish } from '../updates/publish.ts'
import { twoServices } from '../updates/two-services.ts'
import { withUsers } from '../updates/users.ts'
import { FAULTS, oneOf, openWays, type Ways } from './faults.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { said, tell } from './tell.ts'

/** Requests a second, each with a new connection. */
const RATE = Number(process.env.DDALAB_SOAK_RATE ?? 200)
const UPDATES = Number(process.env.DDALAB_SOAK_UPDATES ?? 20)
const BAD = Number(process.env.DDALAB_SOAK_BAD ?? 50)
const MOODS = ['never-healthy', 'crash', 'crash-later', 'bad-migration', 'wrong-config'] as const
const PARTS = ['web', 'store', 'both'] as const
/** Longer than the five seconds after which one of them crashes. */
const MONITOR = { web: '3s', store: '6s' }
const KINDS = ['caddy', 'nginx'] as const
/** What an ingress says of the page when its container has gone in the middle of an answer, whose rest nobody can give. */
const CUT = {
  caddy: /"aborting with incomplete response".*"uri":"\/"/,
  nginx: /closed connection while reading upstream.*"GET \/ /,
}
/** Of the next commands, this share is disturbed as well. */
const AGAIN = 0.2

const cases = lab.engines.flatMap((engine) => KINDS.map((kind) => ({ ...engine, kind })))
afterAll(() => said())

describe.skipIf(!lab.available).each(cases)('behind $kind on Engine $version', ({ host, kind, version: engine }) => {
  const repository = `soak-${randomUUID().slice(0, 8)}`
  let ways: Ways
  let instance: Instance
  let ledger: Ledger
  let version = '1.0.0'
  const page = () => `http://127.0.0.1:${instance.port}/`

  beforeAll(async () => {
    ways = await openWays(host)
    await publish(host, repository, version)
    const settings = ['ssl.enabled=false', `ingress.type=${kind}`, `images.${kind}=${labImages[kind]}`]
    const image = `docker.image=${ways.registry.address}/${repository}:${version}`
    instance = await Instance.on(host, {
      template: 'fronted',
      files: twoServices(MONITOR),
      settings: [...settings, image, 'updates.autoBackup=true'],
      env: { DOCKER_HOST: ways.engine.host },
    })
    await instance.succeed('deploy')
    await serves(instance.port, `version ${version}\n`)
    ledger = openLedger(`${page()}cgi-bin/row`)
  })
  afterAll(async () => {
    await ledger?.close()
    await instance?.remove()
    await ways?.close()
    const images = await docker(host, 'images', '-q', `${ways.registry.address}/${repository}`)
    if (images !== '') await docker(host, 'rmi', '-f', ...new Set(images.split('\n')))
  })

  test(`${UPDATES} updates in a row`, async () => {
    const { answers, failures } = await withUsers(page(), RATE, async () => {
      for (let round = 1; round <= UPDATES; round += 1) {
        version = `1.0.${round}`
        await publish(host, repository, version)
        await instance.succeed('update')
      }
    })
    expect(Object.keys(answers).at(-1)).toBe(`version ${version}\n`)
    const requests = Object.values(answers).reduce((sum, count) => sum + count, 0) + failures.length
    tell(`${UPDATES} updates behind ${kind}`, engine, {
      requests,
      failed: failures.length,
      ...failures.slice(0, 3).map(({ at, what }) => `${at} ${what}`),
    })
    expect(failures).toEqual([])
    await instance.expectTidy()
  })

  test(`${BAD} bad releases, with faults at random`, async () => {
    const counts = new Map<string, number>()
    let undone = 0
    let slowest = 0
    const { answers, failures } = await withUsers(page(), RATE, async () => {
      for (let round = 1; round <= BAD; round += 1) {
        const [mood, part, fault] = [oneOf(MOODS), oneOf(PARTS), oneOf(FAULTS)]
        const before = [await instance.snapshot(), await readFile(instance.config, 'utf8')]
        const bad = `2.0.${round}`
        if (mood === 'wrong-config') await instance.set('parameters.SETTING', 'wrong')
        else await publish(host, repository, bad, { MOOD: mood, BAD: part })
        const command = mood === 'wrong-config' ? ['deploy'] : ['update', bad]
        const finished = await ways.disturb(instance.start(command.join(' '), '--yes', '--events'), fault)
        const about = `${round}: ${command.join(' ')}, ${mood} of ${part}, ${fault}`
        process.stdout.write(`${new Date().toISOString()} ${about}: ${finished.code ?? finished.signal}\n`)
        counts.set(`${mood}/${fault}`, (counts.get(`${mood}/${fault}`) ?? 0) + 1)
        expect(finished.code, `${about}: ${finished.stdout}`).not.toBe(0)
        if (fault === 'none') {
          expect(finished.code, `${about}: ${finished.stdout}`).toBe(5)
          slowest = Math.max(slowest, sinceVerdict(finished))
        }

        // Whatever came between, the next command brings it to its end, and so does the one after that when it is disturbed too.
        const isEdit = mood === 'wrong-config'
        for (let isEnded = false, tries = 0; !isEnded; tries += 1) {
          const again = tries === 0 && Math.random() < AGAIN ? oneOf(FAULTS) : 'none'
          const next = await ways.disturb(instance.start('deploy', '--yes', '--events'), again)
          isEnded = next.code === 0
          // An edit that had not been begun is tried by it once more.
          const allowed = again !== 'none' || (isEdit && next.code === 5 && tries < 3)
          if (!isEnded) expect(allowed, `${about}; then, ${again}: ${next.code} ${next.stdout}`).toBe(true)
        }
        expect([await instance.snapshot(), await readFile(instance.config, 'utf8')], about).toEqual(before)
        await instance.expectTidy()
        undone += 1
      }
    })
    const requests = Object.values(answers).reduce((sum, count) => sum + count, 0) + failures.length
    const cut = await answersCut(host, `${instance.name}-${kind}-1`, CUT[kind])
    tell(`${BAD} bad releases behind ${kind}`, engine, {
      undone: `${undone} of ${BAD}`,
      requests,
      failed: failures.length,
      'of these, answers that a container had begun when it crashed': cut,
      ...failures.slice(0, 3).map(({ at, what }) => `${at} ${what}`),
      'verdict to end of undo at most': `${Math.round(slowest)} ms`,
      kinds: [...counts].map(([what, count]) => `${what} ${count}`).join('; '),
    })
    // One that crashes after it has begun to serve was seen for a moment, and nobody can go on with what it was saying.
    expect(failures.length, JSON.stringify(failures)).toBeLessThanOrEqual(cut)
  })

  test('rows that the app has acknowledged are all there, once', async () => {
    const { acknowledged, lost, twice } = await ledger.close().then(() => ledger.compare())
    tell(`rows behind ${kind}`, engine, { acknowledged, lost: lost.length, twice: twice.length })
    expect({ lost, twice }).toEqual({ lost: [], twice: [] })
    expect(acknowledged).toBeGreaterThan(0)
  })
})

/** How many answers were cut, as the ingress has logged it. */
async function answersCut(host: string, ingress: string, cut: RegExp): Promise<number> {
  const env = { ...process.env, DOCKER_HOST: host }
  const { stdout, stderr } = await promisify(execFile)(lab.docker, ['logs', ingress], { env, maxBuffer: 2 ** 28 })
  return `${stdout}${stderr}`.split('\n').filter((line) => cut.test(line)).length
}

/** ms from the verdict to the end of the run. */
function sinceVerdict(finished: Parameters<typeof eventsIn>[0]): number {
  const events = eventsIn(finished)
  const at = (type: string) => Date.parse(String(events.find((event) => event.type === type)?.ts))
  return at('run.finished') - at('run.verdict')
}
