import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { answer, ddalab, type Finished, onTerminal } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** The life of a config, from init to restore, by the real program. Each test goes on where the one before has ended. */
describe('the life of a config', () => {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere.sock' }
  const file = join(home, 'instances', 'ddalab', 'deployment-config.yml')
  const text = () => readFileSync(file, 'utf8')
  let secrets: readonly string[] = []

  /** No answer holds a secret, whatever is asked. */
  function watched(finished: Finished): Finished {
    for (const secret of secrets) expect(finished.stdout + finished.stderr).not.toContain(secret)
    return finished
  }
  const run = async (...args: readonly string[]) => watched(await ddalab(args, { env }))
  const config = async (...args: readonly string[]) => {
    const finished = await run('config', ...args)
    expect(finished).toMatchObject({ code: 0 })
    return finished.stdout
  }
  const json = async (...args: readonly string[]) => Object(JSON.parse(await config(...args, '--json'))).data
  const entries = async () => (await json('history')).entries

  beforeAll(async () => {
    expect(await run('init', '--set', 'api.port=8002')).toMatchObject({ code: 0 })
  })

  it('begins with a line that makes editors complete and check it, beside the schema', async () => {
    expect(text().split('\n')[0]).toBe('# yaml-language-server: $schema=./deployment-config.schema.json')
    const schema = JSON.parse(readFileSync(join(dirname(file), 'deployment-config.schema.json'), 'utf8'))
    expect(JSON.parse(await config('schema'))).toEqual(schema)
    expect((await config('path')).trim()).toBe(file)
  })

  it('show masks secrets and says where each value comes from; only --reveal shows one', async () => {
    const revealed = Object(answer(await ddalab(['config', 'show', '--reveal', '--json'], { env }))).data
    secrets = [revealed.config.database.password, revealed.config.auth.jwtSecret]
    for (const secret of secrets) expect(secret).toMatch(/^\S{16,}$/)
    expect((await ddalab(['config', 'show', '--reveal'], { env })).stdout).toContain(secrets[0])
    expect(await config('show')).toContain('port: 8002')
    const origins = await config('show', '--origin')
    expect(origins).toMatch(/api\.port.*file/)
    expect(origins).toMatch(/web\.port.*default/)
  })

  it('set changes what is meant and no other byte, with its reason in the history', async () => {
    writeFileSync(file, text().replace('port: 8002', 'port: 8002   # ours'))
    const before = text()
    await config('set', 'api.port=8003', 'api.host=0.0.0.0', '-m', 'more ports')
    expect(text()).toBe(before.replace('  port: 8002   # ours\n', '  port: 8003   # ours\n  host: 0.0.0.0\n'))
    expect((await entries())[0]).toMatchObject({
      reason: 'more ports',
      changes: ['api.port', 'api.host'],
      kind: 'change',
    })
    expect(await config('get', 'api.port')).toBe('8003\n')
    await config('unset', 'api.host')
    expect(text()).toBe(before.replace('8002', '8003'))
  })

  it('set is all or nothing', async () => {
    const before = text()
    expect(await run('config', 'set', 'api.port=8004', 'api.prot=1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean api.port?'),
    })
    expect(text()).toBe(before)
  })

  it('edit checks what is saved; what is wrong is told with its line, and the text is kept', async () => {
    await ddalab(['config', 'edit'], { env: { ...env, EDITOR: 'sed -i s/8003/8005/' } })
    expect(text()).toContain('port: 8005   # ours')

    const before = text()
    const wrong = await ddalab(['config', 'edit', '--json'], { env: { ...env, EDITOR: 'sed -i s/8005/eight/' } })
    expect(wrong.code).toBe(2)
    const { message, hint, place } = Object(answer(wrong)).error
    expect(message).toContain('api.port must be a port')
    expect(place.line).toBe(before.split('\n').findIndex((line) => line.includes('8005')) + 1)
    const draft = /Your text is kept in (\S+\.yml)\./.exec(hint)?.[1] ?? ''
    expect(readFileSync(draft, 'utf8')).toContain('port: eight')
    expect(text()).toBe(before)
  })

  it.skipIf(process.platform === 'win32')('edit offers to open the editor again', async () => {
    const editor = join(home, 'editor.sh')
    // Wrong at first, right when it is opened again.
    writeFileSync(
      editor,
      '#!/bin/sh\nif grep -q eight "$1"; then sed -i s/eight/8006/ "$1"; else sed -i s/8005/eight/ "$1"; fi\n',
    )
    chmodSync(editor, 0o755)
    const shown = watched(await onTerminal(['config', 'edit'], { env: { ...env, EDITOR: editor }, input: 'y\n' }))
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('api.port must be a port')
    expect(shown.stdout).toContain('Open the editor again?')
    expect(text()).toContain('port: 8006   # ours')
  })

  it('diff shows what changed, from any state to any other', async () => {
    const told = await config('diff', 'latest-1')
    expect(told).toContain('-  port: 8005')
    expect(told).toContain('+  port: 8006')
    const { changes } = await json('diff', '1', 'latest')
    expect(changes).toEqual([expect.objectContaining({ path: 'api.port', from: 8002, to: 8006 })])
  })

  it('a secret that is given on stdin is encrypted, and a new one can be made', async () => {
    const given = 'a-password-that-was-given'
    secrets = [...secrets, given]
    const set = ['config', 'set', '--set-file', 'auth.ldap.bindPassword=-']
    expect(watched(await ddalab(set, { env, input: `${given}\n` }))).toMatchObject({ code: 0 })
    expect(text()).toMatch(/bindPassword: ENC\[/)
    await config('set', '--generate', 'cache.redis.password')
    expect(text()).toMatch(/cache:\n {2}redis:\n {4}password: ENC\[/)
    expect(await run('config', 'set', 'database.password=on-the-command-line')).toMatchObject({ code: 2 })
    expect(await config('diff', '1')).toContain('(secret)')
  })

  it('rotate-keys encrypts every secret anew; they are the same', async () => {
    const encrypted = (): readonly string[] => text().match(/ENC\[[^\]]+\]/g) ?? []
    const before = encrypted()
    await config('rotate-keys')
    expect(encrypted()).toHaveLength(before.length)
    expect(encrypted().filter((one) => before.includes(one))).toEqual([])
    const { config: now } = Object(answer(await ddalab(['config', 'show', '--reveal', '--json'], { env }))).data
    expect([now.database.password, now.auth.jwtSecret]).toEqual(secrets.slice(0, 2))
  })

  it('backup keeps an edit by hand, backups lists what can be restored', async () => {
    writeFileSync(file, text().replace('# ours', '# mine'))
    await config('backup', '-m', 'before the move')
    const [newest] = (await json('backups')).entries
    expect(newest).toMatchObject({ kind: 'backup', reason: 'before the move', current: true, kept: true })
  })

  it('migrate carries it down and up again', async () => {
    const before = text()
    await config('migrate', '--to', '2.0.0')
    expect(text()).toContain('version: 2.0.0')
    expect(await config('get', 'api.port')).toBe('8006\n')
    await config('migrate')
    expect(text()).toContain('version: 3.0.0')
    await config('restore', 'latest-2')
    expect(text()).toBe(before)
  })

  it('restore brings an earlier state back, and is itself taken back', async () => {
    const before = text()
    await config('restore', '1', '--dry-run')
    expect(text()).toBe(before)
    await config('restore', '1')
    expect(await config('get', 'api.port')).toBe('8002\n')
    await config('restore', 'latest-1')
    expect(text()).toBe(before)
    expect(await run('config', 'restore', '999')).toMatchObject({ code: 3, stderr: expect.stringContaining('#999') })
  })

  it('and everything that was ever done is in its history, which opens no secret', async () => {
    const all: readonly { readonly number: number; readonly kind: string }[] = await entries()
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => all.length - index))
    expect([...new Set(all.map(({ kind }) => kind))].toSorted()).toEqual(
      ['backup', 'change', 'init', 'migrate', 'outside', 'restore', 'rotate'].toSorted(),
    )
    const folder = join(dirname(file), 'config-backups')
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    for (const secret of secrets) for (const one of kept) expect(one).not.toContain(secret)
    expect(existsSync(join(dirname(file), '.env'))).toBe(false)
  })
})
