import { describe, expect, it } from 'vitest'
import { ddalab, start, startDdalab, WORK, work } from './run-cli.ts'

const json = (text: string): unknown => JSON.parse(text)
const lines = (text: string): unknown[] => text.trimEnd().split('\n').map(json)

describe('contract 1: data on stdout, all else on stderr', () => {
  it('a result is on stdout, notes and warnings are on stderr', async () => {
    const { stdout, stderr, code } = await work(['warn']).finished
    expect({ stdout, stderr, code }).toEqual({
      stdout: 'done\n',
      stderr: '▲ the disk is nearly full\none moment\n',
      code: 0,
    })
  })

  it('an error is on stderr, nothing on stdout', async () => {
    const { stdout, stderr } = await ddalab(['deplyo'])
    expect(stdout).toBe('')
    expect(stderr).toContain('"deplyo" is no command of ddalab.')
  })

  it('a reader that went away is silent', async () => {
    const { child, finished } = startDdalab(['completion', 'bash'])
    child.stdout?.destroy()
    expect(await finished).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('contract 2: --json is one object whatever happens', () => {
  it('for a result', async () => {
    const { stdout, stderr, code } = await ddalab(['version', '--json'])
    expect(json(stdout)).toEqual({
      schemaVersion: 1,
      ok: true,
      data: { ddalab: expect.stringMatching(/^\d/), node: expect.any(String), platform: expect.any(String) },
      warnings: [],
    })
    expect({ stderr, code, lines: stdout.split('\n').length }).toEqual({ stderr: '', code: 0, lines: 2 })
  })

  it('for a result without data', async () => {
    const { stdout, code } = await work(['nothing', '--json']).finished
    expect({ answer: json(stdout), code }).toEqual({
      answer: { schemaVersion: 1, ok: true, data: null, warnings: [] },
      code: 0,
    })
  })

  it('with the warnings inside', async () => {
    const { stdout, stderr } = await work(['warn', '--json']).finished
    expect(json(stdout)).toMatchObject({ ok: true, warnings: ['the disk is nearly full'] })
    expect(stderr).toBe('')
  })

  it.each([
    ['an unknown command', ['deplyo', '--json'], 'no command'],
    ['a word that needs another', ['--json', 'no-such', 'thing'], 'no command'],
    ['an unknown flag', ['version', '--json', '--jsno'], 'no flag --jsno'],
    ['a missing argument', ['completion', '--json'], 'Missing SHELL'],
    ['a value that is not allowed', ['completion', 'ksh', '--json'], 'bash, zsh, fish'],
    ['too many arguments', ['version', 'now', '--json'], 'Too many arguments: now'],
  ])('for %s, with exit code 2', async (_case, args, message) => {
    const { stdout, stderr, code } = await ddalab(args)
    expect(json(stdout)).toMatchObject({
      schemaVersion: 1,
      ok: false,
      error: { code: 'USAGE', exit: 2, message: expect.stringContaining(message), nextSteps: expect.any(Array) },
      warnings: [],
    })
    expect({ stderr, code }).toEqual({ stderr: '', code: 2 })
  })

  it('for a bug of ours, with exit code 1 and without a stack', async () => {
    const { stdout, stderr, code } = await work(['crash', '--json']).finished
    expect(json(stdout)).toMatchObject({ ok: false, error: { code: 'UNEXPECTED', exit: 1, message: 'x is undefined' } })
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 })
  })

  it('for what went wrong where nobody waits', async () => {
    const { stdout, code } = await work(['stray', '--json']).finished
    expect(json(stdout)).toMatchObject({ ok: false, error: { code: 'UNEXPECTED', message: 'nobody waits for this' } })
    expect(code).toBe(1)
  })

  it('--events is an event a line, numbered and stamped, with the result last', async () => {
    const { stdout, stderr, code } = await work(['work', '--events']).finished
    const events = lines(stdout)
    expect(events).toMatchObject([
      { seq: 1, ts: expect.stringMatching(/^\d{4}-.*Z$/), type: 'run.started' },
      { seq: 2, type: 'operation.started', operation: 'container.create:web-1' },
      { seq: 3, type: 'operation.succeeded' },
      { seq: 4, type: 'run.finished', result: 'committed' },
      { seq: 5, type: 'result', schemaVersion: 1, ok: true, data: { outcome: 'changed' }, warnings: [] },
    ])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  })

  it('--events ends with the error when it fails', async () => {
    const { stdout, code } = await work(['fail', '--events']).finished
    expect(lines(stdout).at(-1)).toMatchObject({
      seq: 3,
      type: 'result',
      ok: false,
      error: { code: 'OPERATION_FAILED', exit: 5 },
    })
    expect(code).toBe(5)
  })
})

describe('contract 3: exit codes', () => {
  it('are documented by the program', async () => {
    const { stdout } = await ddalab(['help', 'exit-codes'])
    expect(stdout.match(/^\s+\d+/gm)?.map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130])
  })
})

describe('contract 4: questions', () => {
  it('without a terminal, the missing flag is named', async () => {
    const { stderr, code } = await work(['ask']).finished
    expect(stderr).toContain('Add --yes to agree beforehand.')
    expect(code).toBe(2)
  })

  it('--yes answers', async () => {
    expect(await work(['ask', '--yes']).finished).toMatchObject({ stdout: 'agreed\n', code: 0 })
  })

  it('--yes never covers the loss of data: that needs the name', async () => {
    const refused = await work(['destroy', '--yes', '--json']).finished
    expect(json(refused.stdout)).toMatchObject({
      error: { code: 'CONFIRMATION_REQUIRED', hint: 'To agree, add: --confirm lab' },
    })
    expect((await work(['destroy', '--confirm', 'other']).finished).code).toBe(2)
    expect(await work(['destroy', '--confirm', 'lab']).finished).toMatchObject({ stdout: 'destroyed\n', code: 0 })
  })
})

describe('contract 6: how much is said', () => {
  it('--quiet says results only, --verbose says more', async () => {
    expect(await work(['warn', '-q']).finished).toMatchObject({ stdout: 'done\n', stderr: '' })
    expect((await work(['warn', '--verbose']).finished).stderr).toContain('in more words')
  })

  it('off a terminal, progress is plain lines', async () => {
    const { stdout, stderr } = await work(['work']).finished
    expect(stdout).toBe('deployed\n')
    expect(stderr).toMatchInlineSnapshot(`
      "deploy lab: 1 step
      → container web-1: create
      ✔ container web-1: create (0s)
      done after 0s
      "
    `)
  })

  it('--debug prints the stack, on stderr also with --json', async () => {
    expect((await work(['crash']).finished).stderr).not.toContain('work.ts')
    expect((await work(['crash', '--debug']).finished).stderr).toContain('work.ts')
    const { stdout, stderr } = await work(['crash', '--debug', '--json']).finished
    expect(json(stdout)).toMatchObject({ ok: false })
    expect(stderr).toContain('work.ts')
  })

  it('colours come with FORCE_COLOR, and never with NO_COLOR, TERM=dumb or --no-color', async () => {
    const stderrOf = async (env: NodeJS.ProcessEnv, ...flags: string[]) =>
      (await ddalab(['nope', ...flags], { env })).stderr
    const ansi = '\u001B['
    expect(await stderrOf({})).not.toContain(ansi)
    expect(await stderrOf({ FORCE_COLOR: '1' })).toContain(ansi)
    expect(await stderrOf({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(ansi)
    expect(await stderrOf({ FORCE_COLOR: '1', TERM: 'dumb' })).toMatch(/^x /)
    expect(await stderrOf({ FORCE_COLOR: '1' }, '--no-color')).not.toContain(ansi)
  })

  it('--timeout ends with exit code 9', async () => {
    const { stdout, code } = await work(['limit', '--json']).finished
    expect(json(stdout)).toMatchObject({ ok: false, error: { code: 'TIMED_OUT', exit: 9 } })
    expect(code).toBe(9)
  })
})

describe('contract 8: secrets', () => {
  it.each([
    ['secret'],
    ['secret', 'fail'],
    ['secret', '--json'],
    ['secret', '--events'],
    ['secret', 'fail', '--debug'],
  ])('are masked everywhere: %s %s', async (...args) => {
    const { stdout, stderr } = await work(args.filter(Boolean)).finished
    expect(stdout + stderr).not.toContain('hunter2')
    expect(stdout + stderr).toContain('••••••')
  })
})

describe('contract 9: Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'the first %s asks a change to end; the exit code is 130',
    async (signal) => {
      const { child, finished, stderrHas } = work(['change'])
      await stderrHas('working')
      child.kill(signal)
      const { code, stderr } = await finished
      expect(stderr).toContain('finishing the step in flight, then undoing. Ctrl-C again exits at once.')
      expect(code).toBe(130)
    },
  )

  it('the second Ctrl-C ends at once, with a warning', async () => {
    const { child, finished, stderrHas } = work(['stubborn'])
    await stderrHas('working')
    child.kill('SIGINT')
    await stderrHas('undoing')
    child.kill('SIGINT')
    const { code, stderr } = await finished
    expect(stderr).toContain('Left in the middle of its work.')
    expect(code).toBe(130)
  })

  it('more SIGTERM do not cut the undoing short', async () => {
    const { child, finished, stderrHas } = work(['stubborn'])
    await stderrHas('working')
    child.kill('SIGTERM')
    await stderrHas('undoing')
    child.kill('SIGTERM')
    child.kill('SIGHUP')
    child.kill('SIGINT')
    await stderrHas('Already ending')
    child.kill('SIGINT')
    const { stderr } = await finished
    expect(stderr.match(/Interrupted: stopping/g)).toHaveLength(1)
    expect(stderr).toContain('Left in the middle')
  })

  it('where nothing was begun, the first one ends the program, with the envelope', async () => {
    const { child, finished, stderrHas } = work(['look', '--json'])
    await stderrHas('looking')
    child.kill('SIGINT')
    const { code, stdout } = await finished
    expect(json(stdout)).toMatchObject({ ok: false, error: { code: 'INTERRUPTED', exit: 130 } })
    expect(code).toBe(130)
  })
})

describe('contract 9: help for those who err', () => {
  it.each([
    [['versoin'], 'Did you mean "version"?'],
    [['version', '--jsno'], 'Did you mean "--json"?'],
  ])('%s: %s', async (args, hint) => {
    expect((await ddalab(args)).stderr).toContain(hint)
  })

  it('the help of a command begins with what it does and an example', async () => {
    const { stdout, code } = await ddalab(['version', '--help'])
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'Show the version of ddalab, of Node and the platform',
      '',
      'EXAMPLES',
      '  $ ddalab version',
    ])
    expect(code).toBe(0)
  })

  it('flags may stand before the command', async () => {
    expect(json((await ddalab(['--json', 'version'])).stdout)).toMatchObject({ ok: true })
    expect((await ddalab(['--version'])).stdout).toMatch(/^ddalab \d/)
  })
})

describe('on a terminal', () => {
  const onTerminal = (deed: string, input: string, env: NodeJS.ProcessEnv = {}) =>
    start('script', ['-qefc', `${process.execPath} ${WORK} ${deed}`, '/dev/null'], { input, env }).finished

  it.each([
    ['y\n', 'agreed'],
    ['\n', 'declined'],
    ['\u0004', 'declined'],
  ])('a question is asked with No as the default: %j gives %s', async (typed, answer) => {
    const { stdout } = await onTerminal('ask', typed)
    expect(stdout).toContain('Deploy 3 changes? [y/N] ')
    expect(stdout).toContain(answer)
  })

  it('--no-input and CI forbid questions', async () => {
    expect((await onTerminal('"ask" --no-input', 'y\n')).stdout).toContain('Add --yes')
    expect((await onTerminal('ask', 'y\n', { CI: 'true' })).stdout).toContain('Add --yes')
  })

  it('progress is redrawn in place, and the cursor comes back', async () => {
    const { stdout } = await onTerminal('live', '')
    expect(stdout).toContain('\u001B[?25l')
    expect(stdout).toContain('\u001B[2A')
    expect(stdout.lastIndexOf('\u001B[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001B[?25l'))
  })

  it('in CI or on a dumb terminal, progress is plain lines', async () => {
    expect((await onTerminal('live', '', { CI: 'true' })).stdout).not.toContain('\u001B')
    expect((await onTerminal('live', '', { TERM: 'dumb' })).stdout).not.toContain('\u001B')
  })
})
