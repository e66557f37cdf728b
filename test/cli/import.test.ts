import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, ddalab } from './run-cli.ts'
import { aFolder } from './temporary.ts'

const SETUP = join(import.meta.dirname, '../import/fixtures/ddalab-setup')

/** A user without an engine, with these installations in the home directory. */
function aUser(...installations: readonly string[]) {
  const home = aFolder()
  for (const name of installations) cpSync(SETUP, join(home, name), { recursive: true })
  const env = { HOME: home, DOCKER_HOST: 'unix:///nowhere.sock', DDALAB_HOME: join(home, 'own') }
  return { home, run: (...args: readonly string[]) => ddalab(['import', ...args], { env }) }
}

/** Names, modes, times and contents of everything below a folder. */
function treeOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const lines = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name)
    const { mode, mtimeMs } = statSync(path)
    return `${path} ${mode} ${mtimeMs} ${entry.isFile() ? readFileSync(path, 'base64') : ''}`
  })
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

describe('ddalab import', () => {
  it('writes an instance with sealed secrets, and leaves the folder as it was', async () => {
    const { home, run } = aUser('DDALAB-setup')
    const before = treeOf(join(home, 'DDALAB-setup'))
    const finished = await run(join(home, 'DDALAB-setup'))
    expect(finished, finished.stderr).toMatchObject({ code: 0 })
    expect(treeOf(join(home, 'DDALAB-setup'))).toBe(before)

    const directory = join(home, 'own', 'instances', 'ddalab')
    const config = readFileSync(join(directory, 'deployment-config.yml'), 'utf8')
    expect(config).toContain('image: sdraeger1/ddalab:1.4.2')
    expect(config).toContain('ENC[')
    for (const secret of ['s3cret', 'mail-password', 'gra"fana']) {
      expect(config + finished.stdout + finished.stderr).not.toContain(secret)
    }
    expect(JSON.parse(readFileSync(join(directory, 'takeover.json'), 'utf8'))).toMatchObject({
      workingDir: join(home, 'DDALAB-setup'),
      replaced: ['db'],
    })
    expect(statSync(join(directory, 'takeover.json')).mode & 0o777).toBe(0o600)
    expect(finished.stdout).toContain('container_name of db: containers are named PROJECT-SERVICE-NUMBER')
    expect(finished.stdout).toContain('docker-compose.yml:55')
    expect(finished.stdout).toContain('published default')

    expect(await run(join(home, 'DDALAB-setup'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('config already'),
    })
  })

  it('--dry-run shows the config with its secrets masked, and writes nothing', async () => {
    const { home, run } = aUser('Documents/ddalab')
    const finished = await run('--dry-run', '--json')
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: { instance: 'ddalab', written: false, text: expect.stringContaining('password: ••••••') },
    })
    expect(finished.stdout).not.toContain('s3cret')
    expect(existsSync(join(home, 'own'))).toBe(false)
  })

  it('of several it takes none, and names them; what nobody named is asked about', async () => {
    const several = await aUser('DDALAB-setup', 'Desktop/DDALAB').run('--yes')
    expect(several.code).toBe(2)
    expect(several.stderr).toMatch(/DDALAB-setup[\s\S]*Desktop\/DDALAB/)
    expect(await aUser('DDALAB-setup').run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
    expect(await aUser('DDALAB-setup').run('--yes')).toMatchObject({ code: 0 })
    expect(await aUser().run()).toMatchObject({ code: 3, stderr: expect.stringContaining('ddalab import PATH') })
  })

  it('what is no DDALAB is refused; what is not there is exit code 3', async () => {
    const { home, run } = aUser()
    const other = aFolder({ 'compose.yml': 'services: { web: { image: nginx } }\n' })
    expect(await run(other)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not DDALAB') })
    expect(await run(join(home, 'nothing'))).toMatchObject({ code: 3 })
  })
})
