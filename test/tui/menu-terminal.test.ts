import { describe, expect, it, onTestFinished } from 'vitest'
import { ddalab, RUN_JS } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'

/** A home with one instance, and no engine anywhere near. */
const home = aFolder()
const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' }

describe.runIf(hasTmux)('where nothing is set up, in a terminal', () => {
  it('the wizard gets the terminal, the dashboard gets it back with its keys, and opens on another instance', async () => {
    expect(await ddalab(['init', '-i', 'lab', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
    const window = await TerminalWindow.open(
      { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm-256color', ...env },
      80,
      24,
    )
    onTestFinished(() => window.close())
    await window.type(`'${process.execPath}' '${RUN_JS}' tui -i fresh; echo left with $?`)
    await window.press('Enter')
    await window.sees('"fresh" is not set up yet.')

    await window.press('i')
    await window.sees('Set up fresh')
    await window.press('C-c')
    await window.sees('Interrupted: nothing was written.')
    await window.sees('Press Enter to go back')
    await window.press('Enter')
    await window.sees('"fresh" is not set up yet.')

    await window.press('m')
    await window.sees('Set up')
    await window.press('j', 'j', 'Enter')
    await window.sees('nothing was deployed')
    await window.press('Enter')
    await window.sees('No Docker engine answers')
    expect(await window.screen()).toContain(' lab ')
    await window.press('q')
    await window.sees('left with 0')
  })
})
