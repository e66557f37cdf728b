import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { answer, ddalab, RUN_JS } from '../../cli/run-cli.ts'
import { aFolder } from '../../cli/temporary.ts'
import { lab, labImages } from '../../lab/lab.ts'
import { freePort } from '../../support/ports.ts'
import { hasTmux, TerminalWindow } from '../../support/tmux.ts'

const run = promisify(execFile)
const home = aFolder()

async function opened(env: NodeJS.ProcessEnv): Promise<TerminalWindow> {
  const shell = { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm-256color', ...env }
  const window = await TerminalWindow.open(shell, 100, 30)
  onTestFinished(() => window.close())
  await window.type(`'${process.execPath}' '${RUN_JS}' tui; echo left with $?`)
  await window.press('Enter')
  await window.sees('1 Overview')
  return window
}

describe.runIf(hasTmux)('a command of the palette', () => {
  const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock', DDALAB_INSTANCE: 'lab' }

  beforeAll(async () => {
    expect(await ddalab(['init', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
  })

  it('has the terminal until Enter is pressed; then the dashboard reads its keys again', async () => {
    const window = await opened(env)
    for (let times = 0; times < 2; times += 1) {
      await window.type(':config path')
      await window.press('Enter')
      await window.sees('Enter runs it here')
      await window.press('Enter')
      await window.sees('Press Enter to go back')
      expect(await window.fact('alternate_on')).toBe('0')
      expect(await window.screen()).toContain('deployment-config.yml')
      await window.press('Enter')
      await window.sees('1 Overview')
      await window.press('?')
      await window.sees('Help')
      await window.press('?')
    }
    await window.sees('[1 Overview]')
    await window.press('q')
    await window.sees('left with 0')
  })
})

const engine = lab.engines.at(-1)

describe.runIf(hasTmux && engine !== undefined)('a dashboard that is ended during a change', () => {
  const env = {
    DDALAB_HOME: home,
    DOCKER_HOST: engine?.host,
    DDALAB_INSTANCE: `tui-${randomUUID().slice(0, 8)}`,
  }

  beforeAll(async () => {
    const settings = [`docker.image=${labImages.busybox}`, `parameters.WEB_PORT=${await freePort()}`]
    const init = ['init', '--template', 'demo', ...settings.flatMap((setting) => ['--set', setting])]
    expect(await ddalab(init, { env })).toMatchObject({ code: 0 })
  })
  afterAll(async () => {
    await ddalab(['destroy', '--volumes', '--confirm', env.DDALAB_INSTANCE], { env })
  })

  it('by SIGTERM undoes the change first, and gives the terminal back', async () => {
    const window = await opened(env)
    await window.sees('absent')
    await window.press('d')
    await window.sees('Go ahead')
    await window.press('Tab', 'Enter')
    await window.sees('steps done')
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', await window.fact('pane_pid')])
    process.kill(Number(stdout.trim()), 'SIGTERM')
    await window.sees('left with 130')
    expect(await window.fact('alternate_on')).toBe('0')
    expect(answer(await ddalab(['status', '--json'], { env }))).toMatchObject({
      data: { state: 'absent', release: null, operation: null },
    })
  })
})
