import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { answer, ddalab, onTerminal, startDdalab } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** A host port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

const [engine] = lab.newest

describe.skipIf(engine === undefined)('demo, from init to destroy', () => {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DOCKER_HOST: engine?.host, DDALAB_INSTANCE: 'cli-demo' }
  const run = (...args: readonly string[]) => ddalab(args, { env })
  const set = (key: string, value: string | number) => ['--set', `${key}=${value}`]
  let port = 0

  const initialise = async (title: string, ...more: readonly string[]) => {
    const settings = [
      ...set('docker.image', labImages.busybox),
      ...set('parameters.WEB_PORT', port),
      ...set('parameters.WEB_TITLE', title),
    ]
    return run('init', '--template', 'demo', ...settings, ...more)
  }

  beforeAll(async () => {
    port = await freePort()
    expect(await initialise('One')).toMatchObject({ code: 0 })
  })
  afterAll(async () => {
    await run('destroy', '--volumes', '--confirm', 'cli-demo')
  })

  it('nothing is deployed: status is exit code 0, the others say how to deploy', async () => {
    const finished = await run('status', '--json')
    expect(answer(finished)).toMatchObject({ ok: true, data: { instance: 'cli-demo', state: 'absent', release: null } })
    for (const command of ['logs', 'health', 'stats', 'start', 'restart']) {
      expect(await run(command)).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('ddalab deploy -i cli-demo'),
      })
    }
  })

  it('plan shows what a deploy would do; --exit-code makes 10 of it', async () => {
    const finished = await run('plan', '--json', '--exit-code')
    expect(finished.code).toBe(10)
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: {
        fingerprint: expect.stringMatching(/^[0-9a-f]+$/),
        changes: expect.any(Number),
        downtime: [],
        operations: expect.arrayContaining([
          expect.objectContaining({
            kind: 'container.create',
            resource: 'container cli-demo-web-1',
            after: expect.any(Array),
          }),
        ]),
        problems: [],
        warnings: [],
      },
    })
    expect(await run('plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('+ container cli-demo-web-1') })
  })

  it('--dry-run changes nothing', async () => {
    expect(await run('deploy', '--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing was changed'),
    })
    expect(answer(await run('status', '--json'))).toMatchObject({ data: { state: 'absent' } })
  })

  it('--plan carries out the plan that was shown, or nothing', async () => {
    const finished = await run('deploy', '--plan', '0000', '--json')
    expect(answer(finished)).toMatchObject({ ok: false, error: { code: 'PLAN_STALE', exit: 4 } })
    expect(answer(await run('status', '--json'))).toMatchObject({ data: { state: 'absent' } })
  })

  it('deploy runs it; events come as they happen, the result last', async () => {
    const { stdout, stderr, code } = await run('deploy', '--events')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const events: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ seq: 1, type: 'run.started', action: 'deploy', instance: 'cli-demo' })
    expect(events.at(-1)).toMatchObject({
      seq: events.length,
      type: 'result',
      ok: true,
      data: {
        outcome: 'changed',
        status: { state: 'healthy', addresses: [`http://localhost:${port}`], release: { id: 'r-0001' } },
      },
    })
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<h1>One</h1>')
  })

  it('again: already as configured, exit code 0, also for --exit-code', async () => {
    expect(await run('deploy')).toMatchObject({ code: 0, stdout: expect.stringContaining('already as configured') })
    expect(answer(await run('deploy', '--json'))).toMatchObject({ data: { outcome: 'unchanged', run: null } })
    expect(await run('plan', '--exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do'),
    })
    expect(await run('drift')).toMatchObject({ code: 0, stdout: expect.stringContaining('is as configured') })
  })

  it('status and health for a person', async () => {
    const { stdout } = await run('status')
    expect(stdout).toMatch(/^cli-demo {2}latest {2}● healthy/)
    expect(stdout).toContain(`http://localhost:${port}`)
    expect(await run('health')).toMatchObject({ code: 0, stdout: expect.stringContaining('answered 200') })
    expect(answer(await run('health', '--json'))).toMatchObject({ ok: true, data: { healthy: true } })
  })

  it('stats is one reading', async () => {
    expect(answer(await run('stats', '--json'))).toMatchObject({
      data: { readings: [{ service: 'web', container: 'cli-demo-web-1', memoryBytes: expect.any(Number) }] },
    })
  })

  it('exec passes streams and the exit code on', async () => {
    const script = 'cat; echo to-stderr >&2; exit 7'
    const finished = await ddalab(['exec', 'web', '--', 'sh', '-c', script], { env, input: 'piped in' })
    expect(finished).toMatchObject({ code: 7, stdout: 'piped in', stderr: 'to-stderr\n' })
    const options = ['--user', '1:1', '--workdir', '/tmp', '--env', 'NAME=a=b']
    const json = await run('exec', 'web', ...options, '--json', '--', 'sh', '-c', 'id -u; pwd; echo $NAME')
    expect(answer(json)).toMatchObject({ data: { exitCode: 0, stdout: '1\n/tmp\na=b\n', stderr: '' } })
    expect(await run('exec', 'web', '--index', '2', 'true')).toMatchObject({ code: 3 })
    expect(await run('exec', 'nope', 'true')).toMatchObject({ code: 3, stderr: expect.stringContaining('web') })
  })

  it('exec on a terminal gives the command one, of the same size', async () => {
    const { stdout, code } = await onTerminal(['exec', 'web'], { env, input: 'tty; stty size; exit 5\n' })
    expect(stdout).toMatch(/\/dev\/pts\/\d+/)
    expect(stdout).toContain('30 100')
    expect(code).toBe(5)
    const without = await onTerminal(['exec', '-T', 'web', 'tty'], { env })
    expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining('not a tty') })
  })

  it('stop, again, and start: each says what it comes to', async () => {
    expect(await run('stop', '--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing was changed'),
    })
    expect(answer(await run('stop', '--json'))).toMatchObject({
      data: { outcome: 'changed', status: { state: 'stopped' } },
    })
    expect(await run('stop')).toMatchObject({ code: 0, stdout: expect.stringContaining('already stopped') })
    expect(await run('health')).toMatchObject({ code: 8 })
    expect(answer(await run('health', '--json'))).toMatchObject({ ok: true, data: { healthy: false } })
    expect(await run('drift')).toMatchObject({ code: 10, stdout: expect.stringContaining('was stopped') })
    expect(await run('exec', 'web', 'true')).toMatchObject({ code: 3 })
    expect(answer(await run('start', '--json'))).toMatchObject({
      data: { outcome: 'changed', status: { state: 'healthy' } },
    })
    expect(await run('start', 'web')).toMatchObject({ code: 0, stdout: expect.stringContaining('already started') })
    expect(await run('restart', 'web')).toMatchObject({ code: 0, stdout: expect.stringContaining('● healthy') })
    expect(await run('restart', 'nope')).toMatchObject({ code: 3 })
  })

  it('a port that another holds is a problem of the plan: shown, and exit code 4', async () => {
    const other = ['-i', 'cli-demo-other']
    await run(
      'init',
      ...other,
      '--template',
      'demo',
      ...set('docker.image', labImages.busybox),
      ...set('parameters.WEB_PORT', port),
    )
    const finished = await run('plan', ...other, '--json')
    expect(finished.code).toBe(4)
    expect(answer(finished)).toMatchObject({ ok: true, data: { problems: [{ code: 'PORT_TAKEN' }] } })
    const { stdout, code } = await run('plan', ...other)
    expect(code).toBe(4)
    expect(stdout).toContain('It cannot be carried out: 1 problem')
    expect(await run('deploy', ...other)).toMatchObject({ code: 4, stderr: expect.stringContaining('cli-demo-web-1') })
  })

  it('on a terminal, a plan with downtime is shown and asked about, with No as the default', async () => {
    const changed = join(home, 'instances', 'cli-demo', 'deployment-config.yml')
    writeFileSync(changed, readFileSync(changed, 'utf8').replace('WEB_TITLE: One', 'WEB_TITLE: Two'))
    const declined = await onTerminal(['deploy'], { env, input: '\n' })
    expect(declined.stdout).toContain('environment changed')
    expect(declined.stdout).toContain('Go ahead? [y/N]')
    expect(declined.stdout).toContain('Declined: nothing was changed.')
    expect(declined.code).toBe(2)
    expect(await onTerminal(['deploy'], { env, input: 'y\n' })).toMatchObject({ code: 0 })
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<h1>Two</h1>')
  })

  it('a deploy that does not succeed is undone: exit code 5, and what ran before runs', async () => {
    const finished = await run('deploy', '-f', await brokenConfig(), '--json')
    expect(answer(finished)).toMatchObject({ ok: false, error: { exit: 5 } })
    expect(finished.code).toBe(5)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<h1>Two</h1>')
  })

  /** The same instance with a page that the health check does not find: the web server listens elsewhere. */
  async function brokenConfig(): Promise<string> {
    const folder = aFolder({
      'broken.yml': [
        'version: 3.0.0',
        'template: demo',
        `docker: { image: '${labImages.busybox}', environmentOverrides: { PATH: /nowhere } }`,
        `parameters: { WEB_PORT: ${port}, WEB_TITLE: Broken }`,
      ].join('\n'),
    })
    return join(folder, 'broken.yml')
  }

  it('destroy asks, and removes everything but the configuration', async () => {
    const refused = await run('destroy', '--json')
    expect(answer(refused)).toMatchObject({ ok: false, error: { code: 'INPUT_REQUIRED', exit: 2 } })
    expect(await onTerminal(['destroy'], { env, input: 'n\n' })).toMatchObject({ code: 2 })
    expect(answer(await run('status', '--json'))).toMatchObject({
      data: { services: [{ containers: [{ state: 'running' }] }] },
    })
    expect(await run('destroy', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('is destroyed') })
    expect(await run('destroy', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to destroy'),
    })
    expect(answer(await run('status', '--json'))).toMatchObject({ data: { state: 'absent', release: null } })
  })
})

describe.skipIf(engine === undefined)('two services that talk', () => {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DOCKER_HOST: engine?.host, DDALAB_INSTANCE: 'cli-talk' }
  const run = (...args: readonly string[]) => ddalab(args, { env })

  beforeAll(async () => {
    cpSync(join(import.meta.dirname, 'fixtures', 'templates'), join(home, 'templates'), { recursive: true })
    const init = ['init', '--template', 'talk', '--set', 'parameters.WORD=word', '--set-file', 'parameters.KEY=-']
    expect(await ddalab(init, { env, input: 'key-of-a-person\n' })).toMatchObject({ code: 0 })
    expect(await run('deploy')).toMatchObject({ code: 0 })
    // Both have said something when a line of each has been seen.
    const following = startDdalab(['logs', '--follow'], { env })
    await Promise.all([following.stdoutHas('word 2 '), following.stdoutHas('the token is')])
    following.child.kill('SIGTERM')
    await following.finished
  })
  afterAll(async () => {
    await run('destroy', '--volumes', '--confirm', 'cli-talk')
  })

  it('logs are merged in order of time, each line with its service', async () => {
    const finished = await run('logs', '--json')
    const { data }: { data: { lines: { timestamp: string; service: string }[] } } = JSON.parse(finished.stdout)
    const times = data.lines.map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted())
    expect(new Set(data.lines.map(({ service }) => service))).toEqual(new Set(['alpha', 'beta']))
    const { stdout } = await run('logs', '--tail', '1', '--timestamps')
    expect(stdout.split('\n').toSorted()[1]).toMatch(/^alpha \| \d{4}-\d\d-\d\dT[\d:.]+Z word \d+ /)
  })

  it('logs are chosen by service, number, time and content', async () => {
    expect((await run('logs', 'alpha', '--tail', '2')).stdout.match(/^alpha \| word/gm)).toHaveLength(2)
    expect((await run('logs', '--grep', '^word [12] ', '--no-prefix')).stdout.match(/^word [12] /gm)).toHaveLength(2)
    expect((await run('logs', '--grep', 'word', '--invert', '--tail', '5')).stdout).not.toContain('word')
    expect((await run('logs', '--until', '2h')).stdout).toBe('')
    expect((await run('logs', '--since', '1h', 'beta')).stdout).toContain('beta | the token is')
    expect(await run('logs', 'gamma')).toMatchObject({ code: 3, stderr: expect.stringContaining('alpha, beta') })
  })

  it('secrets are masked in logs, rendered files and exec’s JSON', async () => {
    const { stdout: revealed } = await run('render', 'env', '--reveal')
    const token = /^TOKEN=(\S+)$/m.exec(revealed)?.[1] ?? ''
    expect(token).toMatch(/^\w{32}$/)
    const said = [
      await run('logs', 'beta', '--tail', '3'),
      await run('logs', 'beta', '--tail', '3', '--json'),
      await run('logs', 'beta', '--tail', '3', '--events'),
      await run('render', 'all'),
      await run('exec', 'beta', '--json', 'env'),
      await run('status', '--json'),
      await run('plan', '--json'),
    ]
    for (const { stdout, stderr, code } of said) {
      expect(code).toBe(0)
      expect(stdout + stderr).not.toContain(token)
      expect(stdout + stderr).not.toContain('key-of-a-person')
    }
    expect(said[0]?.stdout).toContain('the token is ••••••')
  })

  it('control sequences of a container reach pipes as they are, and terminals not at all', async () => {
    expect((await run('logs', 'alpha', '--tail', '1')).stdout).toMatch(/word \d+ \u001B\[31mred\u001B\[0m\u0007\n$/)
    const { stdout } = await onTerminal(['logs', 'alpha', '--tail', '1'], { env })
    expect(stdout).toMatch(/word \d+ red\r\n$/)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('following ends with %s, without a word, exit code 130', async (signal) => {
    const following = startDdalab(['logs', '--follow', '--tail', '1', '--events'], { env })
    await following.stdoutHas('"type":"log"')
    following.child.kill(signal)
    const { stdout, stderr, code } = await following.finished
    expect({ stderr, code }).toEqual({ stderr: '', code: 130 })
    const events: { seq: number; type: string }[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.at(-1)).toMatchObject({ type: 'result', ok: true, data: { count: events.length - 1 } })
  })

  it('following ends when the reader goes away', async () => {
    const following = startDdalab(['logs', '--follow'], { env })
    await following.stdoutHas('word')
    following.child.stdout?.destroy()
    expect(await following.finished).toMatchObject({ stderr: '', code: 0 })
  })

  it('stats can be followed, too', async () => {
    const following = startDdalab(['stats', '--follow', '--events'], { env })
    await following.stdoutHas('"seq":2')
    following.child.kill('SIGINT')
    const { stdout, stderr, code } = await following.finished
    expect({ stderr, code }).toEqual({ stderr: '', code: 130 })
    expect(stdout).toMatch(/^\{"seq":1,"ts":"[^"]+","type":"stats","readings":\[\{"service":"alpha"/)
  })

  it('destroy keeps the data and says how to delete it; that needs the name', async () => {
    const kept = await run('destroy', '--yes')
    expect(kept.stderr).toContain(
      'kept: cli-talk_data. To delete them: ddalab destroy -i cli-talk --volumes --confirm cli-talk',
    )
    const refused = await run('destroy', '--volumes', '--yes', '--json')
    expect(answer(refused)).toMatchObject({ error: { code: 'CONFIRMATION_REQUIRED', exit: 2 } })
    expect((await run('destroy', '--volumes', '--confirm', 'cli-tolk')).code).toBe(2)
    const typed = await onTerminal(['destroy', '--volumes'], { env, input: 'yes\n' })
    expect(typed).toMatchObject({ code: 2, stdout: expect.stringContaining('Type cli-talk to go on') })
    const gone = await onTerminal(['destroy', '--volumes'], { env, input: 'cli-talk\n' })
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringContaining('is destroyed') })
    expect(await run('destroy', '--volumes', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to'),
    })
  })
})
