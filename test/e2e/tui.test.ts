import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ddalab, PROGRAM_LINE } from '../cli/run-cli.ts'
import { lab } from '../lab/lab.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'
import { publish } from '../updates/publish.ts'
import { sessionTemplate } from './tui-template.ts'

const engine = lab.engines.at(-1)

describe.skipIf(engine === undefined || !hasTmux)('a day with the dashboard, in a real terminal', () => {
  const mark = randomUUID().slice(0, 8)
  const instance = `day-${mark}`
  const repository = `${lab.registry.address}/day-${mark}`
  const host = engine?.host ?? ''
  const { CI, NO_COLOR, TMUX, ...inherited } = process.env
  let home = ''
  let env: NodeJS.ProcessEnv = {}

  const run = async (...words: readonly string[]) => {
    const finished = await ddalab([...words, '-i', instance], { env })
    expect(finished.code, `${words.join(' ')}: ${finished.stderr}`).toBe(0)
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'ddalab-day-'))
    env = { HOME: home, DDALAB_HOME: home, DOCKER_HOST: host, TERM: 'xterm-256color' }
    for (const [path, text] of Object.entries(sessionTemplate)) {
      await mkdir(dirname(join(home, path)), { recursive: true })
      await writeFile(join(home, path), text)
    }
    await publish(host, `day-${mark}`, '1.0.0')
    await run('init', '--template', 'session', '--set', `docker.image=${repository}:1.0.0`)
  })
  afterAll(async () => {
    await run('destroy', '--volumes', '--confirm', instance)
    await rm(home, { recursive: true, force: true })
  })

  async function open(columns = 100, rows = 30, flags = ''): Promise<TerminalWindow> {
    const terminal = await TerminalWindow.open({ ...inherited, ...env }, columns, rows)
    onTestFinished(() => terminal.close())
    await terminal.type(`${PROGRAM_LINE} tui -i ${instance} ${flags}; echo "left with $?"`)
    await terminal.press('Enter')
    await terminal.sees('1 Overview')
    return terminal
  }

  /** The body of the screen as it is in every run: no times, ids and names of this run, one space where there are some. */
  async function frame(terminal: TerminalWindow): Promise<string> {
    // What has ended is told for a moment more, until the next look.
    await expect.poll(() => terminal.screen(), { interval: 100 }).not.toContain('under way:')
    const lines = (await terminal.screen())
      .replaceAll(repository, 'REPOSITORY')
      .replaceAll(instance, 'NAME')
      .replaceAll(/\d\d:\d\d:\d\d\.\d+/g, 'TIME')
      .replaceAll(/ (?:\d+[hm] )?\d+(?:\.\d+)?(?:ms|s)\b(?= *│)/g, '')
      .replaceAll(/[0-9a-f]{64}/g, 'DIGEST')
      .replaceAll(/ \(\d+-\d+ of \d+\)/g, '')
      .replaceAll(/[─ ]{2,}/g, ' ')
      .split('\n')
    return `\n${lines
      .slice(2)
      .map((line) => line.trimEnd())
      .filter((line) => line !== '' && line !== '│ │')
      .slice(0, -1)
      .join('\n')}\n`
  }

  /** Agrees to the plan that is shown. */
  async function goAhead(terminal: TerminalWindow): Promise<void> {
    await terminal.sees('Go ahead')
    await terminal.press('Tab', 'Enter')
  }

  test('deploy, search the logs, update, see a bad update undone, roll back, edit the config, quit', async () => {
    const tui = await open()
    await tui.sees('absent 0/2')
    await tui.press('d')
    await tui.sees('Go ahead')
    expect(await frame(tui)).toMatchInlineSnapshot(`
      "
      ┌ Plan ┐
      │ Plan to deploy NAME: 7 changes │
      │ Downtime: none expected │
      │ Data: stays as it is │
      │ + file docker-compose.yml: create not there yet │
      │ + file .env: create not there yet │
      │ + network NAME_default: create not there yet │
      │ + image REPOSITORY:1.0.0: pull not on this engine │
      │ + container NAME-store-1 not there yet │
      │ create from REPOSITORY:1.0.0 │
      │ start │
      │ wait until it is healthy │
      │ + container NAME-web-1 not there yet │
      │ create from REPOSITORY:1.0.0 │
      │ start │
      │ wait until it is healthy │
      │ + release r-0001 │
      │ record version 1.0.0 │
      │ keep the last 3 before it as rollback points │
      │ [ Cancel ] Go ahead │
      └ ┘
      "
    `)
    await goAhead(tui)
    await tui.sees('Done after')
    await tui.press('1')
    await tui.sees('healthy 2/2')

    await tui.press('2')
    await tui.sees('INFO ready')
    await tui.press('/')
    await tui.paste('データ')
    await tui.sees('1 found')
    await tui.press('Enter')
    await tui.sees('1 of 1')
    const found = await frame(tui)
    expect(found).toMatchInlineSnapshot(`
      "
       TIME INFO version 1.0.0, hello
       TIME WARN disk is nearly full
      >~TIME ERROR データ not found
       TIME INFO colours red and control
       TIME INFO ready
       PAUSED /データ 1 of 1 wrap off 5 lines
      "
    `)
    // A window that is dragged to another size tells dozens of them.
    for (const [columns, rows] of [
      [40, 10],
      [200, 60],
      [20, 5],
      [60, 60],
      [81, 23],
      [100, 30],
    ] as const) {
      await tui.resize(columns, rows)
    }
    await tui.sees('PAUSED')
    await expect.poll(() => frame(tui)).toBe(found)

    // Another dashboard, which sees what is done here.
    const other = await open(80, 24, '--read-only')
    await other.sees('1.0.0  ● healthy 2/2')
    await publish(host, `day-${mark}`, '1.1.0')
    await tui.press('1', 'u')
    await goAhead(tui)
    await other.sees('under way: ddalab update')
    await tui.sees('Done after')
    await other.sees('1.1.0  ● healthy 2/2')

    await publish(host, `day-${mark}`, '1.2.0', { MOOD: 'bad' })
    await tui.press('1', 'u')
    await goAhead(tui)
    await tui.sees('Failed after')
    const failed = await frame(tui)
    expect(failed.slice(0, failed.indexOf('│ Undone'))).toMatchInlineSnapshot(`
      "
      ┌ Result ┐
      │ ✖ Failed after │
      │ NAME-web-1 is unhealthy; what was begun has been undone │
      │ | log: INFO version 1.2.0, hello │
      │ | log: WARN disk is nearly full │
      │ | log: ERROR データ not found │
      │ | log: INFO colours red and control │
      │ | log: INFO ready │
      │ What to do │
      │ ddalab logs web -i NAME │
      "
    `)
    await other.sees('1.1.0  ● healthy 2/2')

    await tui.press('b')
    await tui.sees('Changes   6 resources')
    await tui.press('Enter')
    await goAhead(tui)
    await tui.sees('Done after')
    await other.sees('1.0.0  ● healthy 2/2')

    await tui.press('5')
    await tui.sees('session, production')
    await tui.press('/')
    await tui.sees('Search')
    await tui.type('TITLE')
    await tui.sees('/TITLE')
    await tui.press('Enter', 'Enter')
    await tui.sees('parameters.TITLE')
    await tui.type('good morning')
    await tui.sees('good morning')
    await tui.press('Enter', 's')
    await tui.sees('TITLE: good morning')
    await tui.press('Right', 'Right')
    await tui.sees('[Apply]')
    await tui.press('Enter')
    await goAhead(tui)
    await tui.sees('Done after')
    // The search has left the end of the log.
    await tui.press('2')
    await tui.sees('PAUSED')
    await tui.press('f')
    await tui.sees('INFO version 1.0.0, good morning')

    await tui.press('q')
    await tui.sees('left with 0')
    expect(await tui.fact('alternate_on')).toBe('0')
    await other.press('d')
    await other.sees('Nothing can be changed here')
  })
})
