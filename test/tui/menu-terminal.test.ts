import { describe, expect, it } from 'vitest'
import { hasTmux } from '../support/tmux.ts'
import { dashboardWithoutEngine } from './window.ts'

describe.runIf(hasTmux)('where nothing is set up, in a terminal', () => {
  it('the wizard gets the terminal, the dashboard gets it back with its keys, and opens on another instance', async () => {
    const window = await dashboardWithoutEngine('fresh')
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
