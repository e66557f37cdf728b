import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ddalab, PROGRAM_LINE } from '../cli/run-cli.ts'
import { docker } from '../faults/support/project.ts'
import { lab, labImages, throwAwayEngine } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'

describe.skipIf(!lab.available || !hasTmux)('the dashboard of an engine that goes and comes back', () => {
  test('says so, and goes on by itself', async () => {
    const mark = randomUUID().slice(0, 8)
    const instance = `gone-${mark}`
    const home = await mkdtemp(join(tmpdir(), 'ddalab-gone-'))
    const engine = await throwAwayEngine(`tui-gone-${mark}`)
    onTestFinished(async () => {
      await engine.remove()
      await rm(home, { recursive: true, force: true })
    })
    await engine.load('new', labImages.busybox)
    const env = { HOME: home, DDALAB_HOME: home, DOCKER_HOST: engine.host, TERM: 'xterm-256color' }
    const run = async (...words: readonly string[]) =>
      expect(await ddalab([...words, '-i', instance], { env })).toMatchObject({ code: 0 })
    const settings = [`docker.image=${labImages.busybox}`, `parameters.WEB_PORT=${await freePort()}`]
    await run('init', '--template', 'demo', '--no-input', ...settings.flatMap((setting) => ['--set', setting]))
    await run('deploy')

    const { CI, NO_COLOR, TMUX, ...inherited } = process.env
    const terminal = await TerminalWindow.open({ ...inherited, ...env }, 100, 30)
    onTestFinished(() => terminal.close())
    await terminal.type(`${PROGRAM_LINE} tui -i ${instance}; echo "left with $?"`)
    await terminal.press('Enter')
    await terminal.sees('healthy 1/1')

    await engine.kill()
    await terminal.sees('not reachable')
    await engine.start()
    // A killed engine may have taken its containers up, or stopped them; then it takes that for somebody's wish.
    await docker(engine.host, 'start', `${instance}-web-1`)
    await terminal.sees('healthy 1/1')

    await engine.stop()
    await terminal.sees('not reachable')
    await engine.start()
    await terminal.sees('healthy 1/1')
    await terminal.press('q')
    await terminal.sees('left with 0')
  })
})
