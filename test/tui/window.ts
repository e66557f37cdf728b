import { expect, onTestFinished } from 'vitest'
import { ddalab, RUN_JS } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { TerminalWindow } from '../support/tmux.ts'

/** The dashboard of an instance in a real terminal, in a home with the instance `lab` and with no engine anywhere near. */
export async function dashboardWithoutEngine(instance: string): Promise<TerminalWindow> {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  expect(await ddalab(['init', '-i', 'lab', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
  const window = await TerminalWindow.open(
    { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm-256color', ...env },
    80,
    24,
  )
  onTestFinished(() => window.close())
  await window.type(`'${process.execPath}' '${RUN_JS}' tui -i ${instance}; echo left with $?`)
  await window.press('Enter')
  return window
}
