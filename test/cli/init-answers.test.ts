import { execFileSync } from 'node:child_process'
import { chmodSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ddalab, RUN_JS, start } from './run-cli.ts'
import { aFolder } from './temporary.ts'

const home = aFolder()
const env = { DDALAB_HOME: home, DOCKER_HOST: `unix://${home}/none.sock` }
const config = (instance: string) => join(home, 'instances', instance, 'deployment-config.yml')
const run = (args: readonly string[], input = '') => ddalab(['init', ...args], { env, input })

/** A file of answers of this mode. */
function answersFile(text: string, mode = 0o600): string {
  const file = join(aFolder({ 'answers.yml': text }), 'answers.yml')
  chmodSync(file, mode)
  return file
}

const DEMO = 'template: demo\nparameters: { WEB_TITLE: Größe 実験 }\n'

describe('init --answers', () => {
  it('given a file, stdin, or the same settings as flags, writes the same bytes', async () => {
    const flags = ['--template', 'demo', '--set', 'parameters.WEB_TITLE=Größe 実験']
    expect(await run(['-i', 'file', '--answers', answersFile(DEMO)])).toMatchObject({ code: 0, stderr: '' })
    expect(await run(['-i', 'stdin', '--answers', '-'], DEMO)).toMatchObject({ code: 0 })
    expect(await run(['-i', 'flags', ...flags])).toMatchObject({ code: 0 })
    const [file, stdin, settings] = ['file', 'stdin', 'flags'].map((name) => readFileSync(config(name), 'utf8'))
    expect(stdin).toBe(file)
    expect(settings).toBe(file)
  })

  it('lets flags say it otherwise', async () => {
    const more = ['--set', 'parameters.WEB_TITLE=Other', '--environment', 'staging']
    expect(await run(['-i', 'over', '--answers', answersFile(DEMO), ...more])).toMatchObject({ code: 0 })
    expect(readFileSync(config('over'), 'utf8')).toMatch(/^environment: staging$[\s\S]*WEB_TITLE: Other$/m)
  })

  it('takes secrets, tells when others can read them, and never tells what they are', async () => {
    const text =
      'auth: { mode: ldap, ldap: { serverUrl: "ldaps://l.example.org", bindDn: a, bindPassword: swordfish-1, userBase: b } }\n'
    expect(await run(['-i', 'private', '--answers', answersFile(text)])).toMatchObject({ code: 0, stderr: '' })
    const open = await run(['-i', 'open', '--answers', answersFile(text, 0o644)])
    expect(open.code).toBe(0)
    expect(open.stderr).toContain('others can read it. Take that away with: chmod 600')
    expect(open.stdout + open.stderr).not.toContain('swordfish')
    const plain = await run(['-i', 'plain', '--answers', answersFile(DEMO, 0o644)])
    expect(plain.stderr).toBe('')
  })

  it.each([
    ['an unknown setting, with its place', 'api:\n  prot: 1\n', /answers\.yml:2:3[\s\S]*api\.port/],
    [
      'settings that do not go together, with their place',
      'ssl: { enabled: true, certPath: /c.pem }\n',
      /ssl\.keyPath/,
    ],
    ['a secret that is wrong, without telling it', 'auth: { jwtSecret: [swordfish-1] }\n', /auth\.jwtSecret must be/],
  ])('refuses %s', async (_case, text, message) => {
    const { stderr, code } = await run(['-i', 'wrong', '--answers', answersFile(text)])
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('swordfish')
    expect(code).toBe(2)
    expect(readdirSync(join(home, 'instances'))).not.toContain('wrong')
  })

  it('refuses to read stdin twice, and a file that is not there', async () => {
    const twice = await run(['-i', 'wrong', '--answers', '-', '--set-file', 'database.password=-'], 'x')
    expect(twice.stderr).toContain('Only one of --answers and --set-file')
    expect(twice.code).toBe(2)
    expect(await run(['-i', 'wrong', '--answers', '/nowhere'])).toMatchObject({ code: 4 })
  })
})

describe('init --git', () => {
  it('makes a repository with the config in it, and no secret in plain text', async () => {
    expect(await run(['-i', 'kept', '--yes', '--git'])).toMatchObject({ code: 0, stderr: '' })
    const directory = join(home, 'instances', 'kept')
    const git = (...words: readonly string[]) => execFileSync('git', ['-C', directory, ...words], { encoding: 'utf8' })
    expect(git('ls-files').trim().split('\n')).toEqual(
      expect.arrayContaining(['.gitignore', 'deployment-config.yml', 'deployment-config.schema.json']),
    )
    expect(git('status', '--porcelain')).toBe('')
    expect(git('show', 'HEAD:deployment-config.yml')).toContain('ENC[AES256_GCM')
  })
})

describe('what only the wizard needs', () => {
  it('is loaded by no other command', async () => {
    const loaded = join(aFolder(), 'loaded')
    const hook = aFolder({
      'hook.mjs': `import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(loaded)}, url + '\\n'); return next(url, context) } })`,
    })
    const node = join(import.meta.dirname, '../../node_modules/.bin/node')
    await start(node, ['--import', join(hook, 'hook.mjs'), RUN_JS, 'status', '-i', 'file'], { env }).finished
    const modules = readFileSync(loaded, 'utf8')
      .split('\n')
      .filter((url) => url.includes('/dist/'))
    expect(modules.length).toBeGreaterThan(1)
    const chunks = globSync(join(import.meta.dirname, '../../dist/chunks/*.js'))
    expect(chunks.some((chunk) => readFileSync(chunk, 'utf8').includes('node_modules/ink/'))).toBe(true)
    for (const url of modules) expect(readFileSync(new URL(url), 'utf8')).not.toContain('node_modules/ink/')
  })
})
