import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { answer, ddalab, onTerminal, PROGRAM_LINE } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'

const run = promisify(execFile)

/** A home with the instance `lab`, and no engine anywhere near. */
const home = aFolder()
const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
const SHELL = { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm-256color', ...env }

beforeAll(async () => {
  expect(await ddalab(['init', '-i', 'lab', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
})

describe('what is no terminal', () => {
  it('is told the command to use instead, with exit code 2', async () => {
    const { stdout, stderr, code } = await ddalab(['tui', '-i', 'lab'], { env })
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toContain('ddalab status -i lab')
  })

  it('the same as JSON, for a dumb terminal, and in CI', async () => {
    const finished = await ddalab(['tui', '--json'], { env })
    expect(answer(finished)).toMatchObject({ ok: false, error: { code: 'USAGE', exit: 2 } })
    expect(await onTerminal(['tui'], { env: { ...env, TERM: 'dumb' } })).toMatchObject({ code: 2 })
    expect(await onTerminal(['tui'], { env: { ...env, CI: 'true' } })).toMatchObject({ code: 2 })
  })
})

describe.runIf(hasTmux)('the terminal is as it was', () => {
  async function opened(nodeOptions = ''): Promise<TerminalWindow> {
    const window = await TerminalWindow.open({ ...SHELL, NODE_OPTIONS: nodeOptions }, 80, 24)
    onTestFinished(() => window.close())
    await window.type(`echo before; ${PROGRAM_LINE} tui -i lab; echo left with $?`)
    await window.press('Enter')
    await window.sees('No Docker engine answers')
    expect(await window.fact('alternate_on')).toBe('1')
    return window
  }

  async function send(window: TerminalWindow, signal: NodeJS.Signals): Promise<void> {
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', await window.fact('pane_pid')])
    process.kill(Number(stdout.trim()), signal)
  }

  async function isBack(window: TerminalWindow): Promise<void> {
    expect(await window.fact('alternate_on')).toBe('0')
    expect(await window.fact('cursor_flag')).toBe('1')
    await window.type('stty -a')
    await window.press('Enter')
    await window.sees(' icanon')
    expect(await window.screen()).toMatch(/ echo /)
    expect(await window.screen()).toContain('before')
  }

  it.each(['q', 'C-c'])('after %s', async (key) => {
    const window = await opened()
    await window.press(key)
    await window.sees('left with 0')
    await isBack(window)
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)('after %s', async (signal) => {
    const window = await opened()
    await send(window, signal)
    await window.sees('left with 130')
    await isBack(window)
  })

  // An executable takes no NODE_OPTIONS, so nothing makes it crash from outside.
  it.skipIf(process.env.DDALAB_BIN !== undefined)('after a crash, and says that this is a bug', async () => {
    const crash = join(home, 'crash.mjs')
    await writeFile(crash, "process.once('SIGUSR2', () => { throw new Error('a bug to be found') })\n")
    const window = await opened(`--import=${pathToFileURL(crash).href}`)
    await send(window, 'SIGUSR2')
    await window.sees('left with 1')
    expect(await window.screen()).toContain('a bug to be found')
    await isBack(window)
  })

  it('while it is stopped by Ctrl-Z; and fg brings the dashboard back', async () => {
    const window = await opened()
    await window.press('C-z')
    await window.sees('Stopped')
    await isBack(window)
    await window.type('fg')
    await window.press('Enter')
    await window.sees('1 Overview')
    await window.press('?')
    await window.sees('this help')
  })
})

it('has no colours where nobody wants them, and says that it is read-only', async () => {
  const colours = /\u001B\[(?:\d+;)*3(?:[0-7]|8;5;\d+)m/
  const args = ['tui', '-i', 'lab', '--read-only']
  const plain = await onTerminal(args, { env: { ...env, NO_COLOR: '1' }, input: 'q' })
  expect(plain.code).toBe(0)
  expect(plain.stdout).toContain('read-only')
  expect(plain.stdout).not.toMatch(colours)
  expect((await onTerminal(args, { env, input: 'q' })).stdout).toMatch(colours)
})
