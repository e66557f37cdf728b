import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { PROGRAM_LINE, startDdalab } from '../cli/run-cli.ts'
import { lab, labImages } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { hasTmux, TerminalWindow } from '../support/tmux.ts'

const run = promisify(execFile)
const engine = lab.engines.at(-1)
const TITLE = 'Größe 実験 👩‍🔬'

describe.skipIf(engine === undefined || !hasTmux)('the wizard in a real terminal', () => {
  let home = ''
  const host = engine?.host ?? ''
  const { CI, NO_COLOR, TMUX, ...inherited } = process.env
  const env = () => ({ ...inherited, HOME: home, DDALAB_HOME: home, DOCKER_HOST: host })

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'ddalab-wizard-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  async function start(words: string, more: NodeJS.ProcessEnv = {}): Promise<TerminalWindow> {
    const terminal = await TerminalWindow.open({ ...env(), ...more })
    onTestFinished(() => terminal.close())
    await terminal.type(`${PROGRAM_LINE} init ${words}; echo "code $?"`)
    await terminal.press('Enter')
    return terminal
  }

  const config = async (instance: string): Promise<string> =>
    readFile(join(home, 'instances', instance, 'deployment-config.yml'), 'utf8')

  test('goes forth and back, corrects, pastes, finds a port taken, shows the plan, and only writes', async () => {
    const instance = `walk-${randomUUID().slice(0, 8)}`
    const taken = await freePort()
    const holder = `${instance}-holder`
    const docker = (...words: readonly string[]) => run(lab.docker, words, { env: { ...inherited, DOCKER_HOST: host } })
    onTestFinished(async () => void (await docker('rm', '-f', holder)))
    const label = 'com.docker.compose.project=shop'
    await docker(
      'run',
      '-d',
      '--name',
      holder,
      '--label',
      label,
      '-p',
      `${taken}:80`,
      labImages.busybox,
      'sleep',
      '600',
    )

    const terminal = await start(`-i ${instance}`)
    await terminal.sees('What is deployed.')
    await terminal.press('Down', 'Enter')
    await terminal.sees('for real data and real users')
    await terminal.press('Enter')

    await terminal.sees('Any image with BusyBox in it')
    await terminal.paste(`${labImages.busybox}\n`)
    await terminal.sees(labImages.busybox)
    await terminal.press('Enter')
    await terminal.sees('Port of this machine')
    await terminal.type(String(taken))
    await terminal.sees(`Port ${taken} is held by container ${holder} of project shop.`)
    await terminal.press('C-n')
    await terminal.sees('is free.')
    await terminal.press('Enter')
    await terminal.sees('What the page says')
    await terminal.type(`${TITLE}X`)
    await terminal.press('BSpace')

    await terminal.press('Escape')
    await terminal.sees('for real data and real users')
    await terminal.press('Down', 'Enter')
    await terminal.sees(TITLE)
    await terminal.press('PageDown')
    await terminal.sees('This machine has')
    await terminal.type('many')
    await terminal.press('Enter')
    await terminal.sees('must be a number of CPUs, above 0')
    await terminal.press('C-u')
    await terminal.type('0.5')
    await terminal.press('PageDown')

    await terminal.sees('A deploy makes 5 changes and pulls 0 images.')
    for (const text of ['* staging', `* ${labImages.busybox}`, `* ${TITLE}`, '* 0.5', `container ${instance}-web-1`]) {
      await terminal.sees(text)
    }
    await terminal.resize(60, 20)
    await terminal.sees('more below')
    await terminal.resize(100, 40)
    await terminal.sees('[Only write the config]')
    await terminal.press('Enter')

    await terminal.sees('code 0')
    await terminal.sees(`${instance} is configured: template demo, staging`)
    const { parameters, ...rest } = parse(await config(instance))
    expect(rest).toMatchObject({
      template: 'demo',
      environment: 'staging',
      docker: { image: labImages.busybox },
      resources: { web: { cpus: 0.5 } },
    })
    expect(parameters).toEqual({ WEB_PORT: expect.not.stringContaining(String(taken)), WEB_TITLE: TITLE })
    expect(await terminal.fact('alternate_on')).toBe('0')
  })

  test('deploys, with the progress of a deploy', async () => {
    const instance = `deploy-${randomUUID().slice(0, 8)}`
    const port = await freePort()
    const destroy = ['destroy', '-i', instance, '--volumes', '--confirm', instance]
    onTestFinished(async () => void (await startDdalab(destroy, { env: env() }).finished))

    const terminal = await start(`-i ${instance} --template demo`)
    await terminal.sees('What is deployed.')
    await terminal.press('PageDown', 'PageDown')
    await terminal.sees('Any image with BusyBox in it')
    await terminal.type(`${labImages.busybox}`)
    await terminal.press('Enter')
    await terminal.type(String(port))
    await terminal.sees(`Port ${port} is free.`)
    await terminal.press('Enter')
    await terminal.type(TITLE)
    await terminal.press('PageDown')
    await terminal.sees('This machine has')
    await terminal.press('PageDown')
    await terminal.sees('A deploy makes')
    await terminal.press('Right')
    await terminal.sees('[Write and deploy now]')
    await terminal.press('Enter')

    await terminal.sees('code 0')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain(TITLE)
  })

  test('at Ctrl-C leaves nothing behind, in the folder and on the terminal', async () => {
    const terminal = await start('-i stopped')
    await terminal.sees('What is deployed.')
    await terminal.press('C-c')
    await terminal.sees('code 130')
    await expect(config('stopped')).rejects.toThrow('ENOENT')
    expect([await terminal.fact('alternate_on'), await terminal.fact('cursor_flag')]).toEqual(['0', '1'])
    await terminal.type("stty -a | grep -c -- '-echo '")
    await terminal.press('Enter')
    await terminal.sees('\n0\n')
  })

  test('gives the terminal back at SIGTERM', async () => {
    const terminal = await start('-i ended')
    await terminal.sees('What is deployed.')
    const shell = await terminal.fact('pane_pid')
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', shell])
    process.kill(Number(stdout.trim()), 'SIGTERM')
    await terminal.sees('code 130')
    expect([await terminal.fact('alternate_on'), await terminal.fact('cursor_flag')]).toEqual(['0', '1'])
  })

  test.each([
    ['--no-input', 'code 0'],
    ['--yes', 'code 0'],
    ['--set parameters.WEB_TITLE=Hello', 'code 0'],
  ])('is not opened with %s', async (flags, end) => {
    const terminal = await start(`-i plain-${randomUUID().slice(0, 8)} --template demo ${flags}`)
    await terminal.sees(end)
    expect(await terminal.screen()).toContain('is configured')
  })

  test('gives the terminal back when it crashes, says that this is a bug, and leaves nothing behind', async () => {
    const crash = join(home, 'crash.mjs')
    await writeFile(crash, "process.once('SIGUSR2', () => { throw new Error('a bug to be found') })\n")
    const terminal = await start('-i crashed', { NODE_OPTIONS: `--import=${pathToFileURL(crash).href}` })
    await terminal.sees('What is deployed.')
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', await terminal.fact('pane_pid')])
    process.kill(Number(stdout.trim()), 'SIGUSR2')
    await terminal.sees('code 1')
    expect(await terminal.screen()).toContain('a bug to be found')
    expect([await terminal.fact('alternate_on'), await terminal.fact('cursor_flag')]).toEqual(['0', '1'])
    await terminal.type('echo as be""fore')
    await terminal.press('Enter')
    await terminal.sees('as before')
    await expect(config('crashed')).rejects.toThrow('ENOENT')
  })

  test('says so when there is a config already, before it asks anything', async () => {
    const first = await start('-i twice --template demo --yes')
    await first.sees('code 0')
    const terminal = await start('-i twice')
    await terminal.sees('There is a config already')
    await terminal.sees('code 2')
  })
})
