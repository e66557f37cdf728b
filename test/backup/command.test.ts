import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Instance } from '../faults/support/instance.ts'
import { docker } from '../faults/support/project.ts'
import { lab } from '../lab/lab.ts'
import { fill, isRoot, newDisk } from '../state/places.ts'
import { storeTemplates } from './store-template.ts'

describe.skipIf(!lab.available).each(lab.newest)('ddalab backup on Engine $version', ({ host }) => {
  const start = (home?: string) => Instance.on(host, { files: storeTemplates, ...(home !== undefined && { home }) })
  const sql = (instance: Instance, query: string) =>
    docker(host, 'exec', `${instance.name}-db-1`, 'psql', '-U', 'lab', '-d', 'lab', '-qtA', '-c', query)

  test('makes, lists, verifies and restores; where secrets are encrypted, so are backups', async () => {
    const instance = await start()
    const backups = join(instance.directory, 'backups')
    try {
      expect(await instance.answer('backup list')).toMatchObject({ code: 0, data: { backups: [], damaged: [] } })
      expect(await instance.answer('backup create')).toMatchObject({ code: 3, error: { code: 'CONTAINER_NOT_FOUND' } })
      await instance.succeed('deploy')
      await sql(instance, 'CREATE TABLE notes (t text); INSERT INTO notes VALUES (42)')

      const made = await instance.answer('backup create', '--yes')
      expect(made).toMatchObject({
        code: 0,
        data: { outcome: 'changed', backup: { release: 'r-0001', reason: 'backup create' } },
      })
      const { id, parts, recipients } = made.data.backup
      expect(recipients).toEqual([expect.stringMatching(/^age1/)])
      expect(parts.map(({ file, encrypted }: { file: string; encrypted: boolean }) => [file, encrypted])).toEqual([
        ['database.pgdump.zst.age', true],
        ['cache.rdb.zst.age', true],
        ['objects.tar.zst.age', true],
        ['files.tar.zst.age', true],
      ])
      expect(await instance.modeOf(`backups/${id}/database.pgdump.zst.age`)).toBe('600')
      const password =
        /^DB_PASSWORD='?([^'\n]+)/m.exec(readFileSync(join(instance.directory, '.env'), 'utf8'))?.[1] ?? ''
      expect(password).not.toBe('')
      expect(readFileSync(join(backups, id, 'backup.json'), 'utf8')).not.toContain(password)

      expect((await instance.succeed('backup verify', id)).stdout).toContain('database: 1 table, 1 row')
      expect((await instance.succeed('backup list')).stdout).toMatch(new RegExp(`${id}.*r-0001.*verified, encrypted`))

      // Contract 4: the loss of data.
      await sql(instance, 'INSERT INTO notes VALUES (43)')
      const before = await instance.snapshot()
      for (const flags of [[], ['--yes'], ['--yes', '--no-input'], ['--confirm', 'other']]) {
        const { code, error } = await instance.answer('backup restore', id, ...flags)
        expect({ code, error }).toMatchObject({ code: 2, error: { code: 'CONFIRMATION_REQUIRED' } })
        expect(error.hint).toContain(`--confirm ${instance.name}`)
      }
      const dry = await instance.answer('backup restore', id, '--dry-run')
      expect(dry.data).toMatchObject({ outcome: 'planned', backup: id, dataLoss: { hours: 0 } })
      expect(dry.data.plan.downtime.map(({ service }: { service: string }) => service)).toEqual(
        expect.arrayContaining(['app', 'cache']),
      )
      expect(await instance.snapshot()).toEqual(before)
      expect(await sql(instance, 'SELECT count(*) FROM notes')).toBe('2')

      const identity = join(instance.home, 'identity.txt')
      await rename(identity, `${identity}.away`)
      for (const [command, ...flags] of [['backup verify'], ['backup restore', '--confirm', instance.name]] as const) {
        const { code, error } = await instance.answer(command, id, ...flags)
        expect({ code, error }).toMatchObject({ error: { code: 'IDENTITY_MISSING' } })
        expect(code === 4 || code === 5).toBe(true)
      }
      await rename(`${identity}.away`, identity)
      expect(await instance.snapshot()).toEqual(before)

      const restored = await instance.answer('backup restore', id, '--confirm', instance.name)
      expect(restored).toMatchObject({
        code: 0,
        data: { outcome: 'changed', backup: id, status: { state: 'healthy' } },
      })
      expect(await sql(instance, 'SELECT t FROM notes')).toBe('42')
      const { data } = await instance.answer('backup list')
      expect(data.backups.map((one: { id: string }) => one.id)).toEqual([restored.data.safety, id])
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })

  test.skipIf(!isRoot)(
    'rule 44: root: a disk that is full leaves no half backup, and nothing stands still',
    async () => {
      const home = newDisk(3_000)
      const instance = await start(home)
      try {
        await instance.succeed('deploy')
        const inApp = (script: string) => docker(host, 'exec', `${instance.name}-app-1`, 'sh', '-c', script)
        await inApp('dd if=/dev/urandom of=/srv/files/big bs=1k count=2000 2>/dev/null')
        const before = await instance.snapshot()
        // Too small for the files; then for anything.
        const makeSpace = fill(home)
        expect(await instance.run('backup create', '--yes')).toMatchObject({
          code: expect.toSatisfy((code) => code === 4 || code === 5),
          stderr: expect.stringContaining('no space left'),
        })
        makeSpace()
        const room = 'x'.repeat(1_500_000)

        writeFileSync(join(home, 'room'), room)
        expect(await instance.answer('backup create', '--yes')).toMatchObject({ code: 5, error: { code: 'DISK_FULL' } })
        expect(readdirSync(join(instance.directory, 'backups'))).toEqual([])
        expect(await instance.snapshot()).toEqual(before)
        await instance.expectTidy()
        rmSync(join(home, 'room'))
        await inApp('rm /srv/files/big')
        // The same while a database is dumped.
        await sql(instance, 'CREATE TABLE big AS SELECT sha512(n::text::bytea) FROM generate_series(1, 40000) n')
        writeFileSync(join(home, 'room'), room)
        expect(await instance.answer('backup create', '--yes')).toMatchObject({ code: 5, error: { code: 'DISK_FULL' } })
        rmSync(join(home, 'room'))
        await sql(instance, 'DROP TABLE big')
        await instance.succeed('backup create', '--yes')
      } finally {
        await instance.project.remove()
      }
    },
  )
})
