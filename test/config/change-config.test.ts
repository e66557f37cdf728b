import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { history, restoring } from '../../src/core/actions/config/backups.ts'
import { carryOutChange, changeConfig } from '../../src/core/actions/config/change-config.ts'
import { editByHand } from '../../src/core/actions/config/edit-by-hand.ts'
import { setting, unsetting } from '../../src/core/actions/config/edits.ts'
import { rotating } from '../../src/core/actions/config/keys.ts'
import { migrating } from '../../src/core/actions/config/migrating.ts'
import { prepareChange } from '../../src/core/actions/config/prepare-change.ts'
import { getSettings } from '../../src/core/actions/config/read-config.ts'
import { writeConfig } from '../../src/core/actions/config/write-config.ts'
import { leaseStore } from '../../src/core/actions/lease.ts'
import { locateInstance } from '../../src/core/actions/open.ts'
import type { Target } from '../../src/core/actions/world.ts'
import { identityStore, openConfig } from '../../src/core/config/index.ts'
import { rejection } from '../support/errors.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

const TARGET = { instance: 'lab' }
const CONFIG = `# Kept by hand.
version: 3.0.0
template: demo   # the small one

docker:
  image: 'busybox:1'   # ours
parameters: { WEB_PORT: 8081 }
`
const PLAIN = { note: { kind: 'change' as const, reason: 'a test' }, dryRun: false }
const wishes = (set: readonly string[], secretly: Readonly<Record<string, string>> = {}) =>
  setting({ set, setSecretly: Object.entries(secretly).map(([key, value]) => ({ key, value })), generate: [] })

let world: TestWorld
let file: string
beforeEach(async () => {
  world = await testWorld('unix:///nowhere.sock')
  file = locateInstance(world, TARGET).paths.config
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, CONFIG)
})
afterEach(() => world.remove())

const text = () => readFile(file, 'utf8')
const opened = async () => (await openConfig(file, identityStore(world.environment))).document.config
const numbers = async () => (await history(world, TARGET)).entries.map(({ kind }) => kind)

describe('a change of the config', () => {
  it('touches nothing but what it is about, and is in the history with its reason', async () => {
    const report = await changeConfig(
      world,
      TARGET,
      wishes(['docker.image=busybox:2', 'parameters.WEB_PORT=8082']),
      PLAIN,
    )
    expect(await text()).toBe(CONFIG.replace('busybox:1', 'busybox:2').replace('8081', '8082'))
    expect(report).toMatchObject({ outcome: 'changed', entry: 2, outside: 1 })
    const { entries } = await history(world, TARGET)
    expect(entries.at(-1)).toMatchObject({
      reason: 'a test',
      changes: ['docker.image', 'parameters.WEB_PORT'],
      current: true,
    })
  })

  it('is made as a whole or not at all', async () => {
    const error = await rejection(changeConfig(world, TARGET, wishes(['docker.image=busybox:2', 'api.port=0']), PLAIN))
    expect(error.code).toBe('USAGE')
    expect(await text()).toBe(CONFIG)
  })

  it('is refused when the rules over several settings do not hold then', async () => {
    const error = await rejection(changeConfig(world, TARGET, wishes(['auth.mode=ldap']), PLAIN))
    expect(error.code).toBe('CONFIG_INVALID')
    expect(await text()).toBe(CONFIG)
    expect(await numbers()).toEqual([])
  })

  it('that changes nothing writes nothing', async () => {
    expect(await changeConfig(world, TARGET, wishes(['docker.image=busybox:1']), PLAIN)).toMatchObject({
      outcome: 'unchanged',
      entry: null,
    })
    expect(await numbers()).toEqual([])
  })

  it('is shown and not made in a dry run', async () => {
    const report = await changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), { ...PLAIN, dryRun: true })
    expect(report).toMatchObject({ outcome: 'planned', diff: { changes: [{ path: 'docker.image', to: 'busybox:2' }] } })
    expect(await text()).toBe(CONFIG)
  })

  it('keeps the mode and the link of the file', async () => {
    if (process.platform === 'win32') return
    await chmod(file, 0o640)
    const link = join(world.directory, 'link.yml')
    await symlink(file, link)
    await changeConfig(world, { ...TARGET, configFile: link }, wishes(['docker.image=busybox:2']), PLAIN)
    expect(await text()).toContain('busybox:2')
    expect((await stat(file)).mode & 0o777).toBe(0o640)
  })

  it('is refused when somebody else wrote the file meanwhile', async () => {
    const { place, former, text: next } = await prepareChange(world, TARGET, wishes(['docker.image=busybox:2']))
    await writeFile(file, `${CONFIG}# mine\n`)
    const error = await rejection(writeConfig(world, place.paths, former, next, PLAIN.note))
    expect(error.code).toBe('CONFIG_CHANGED')
    expect(await text()).toBe(`${CONFIG}# mine\n`)
  })

  it.each([
    ['of a newer version', 'version: 9.0.0\nfuture: {}\n', 'CONFIG_TOO_NEW'],
    ['no YAML', 'version: [3.0.0\n', 'CONFIG_UNREADABLE'],
    ['binary', '\0\x01\x02', 'CONFIG_UNREADABLE'],
    ['not UTF-8', new Uint8Array([0xff, 0xfe, 0x00]), 'CONFIG_UNREADABLE'],
  ])('never replaces a file that is %s', async (_, content, code) => {
    await writeFile(file, content)
    const before = await readFile(file)
    expect((await rejection(changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), PLAIN))).code).toBe(code)
    expect(await readFile(file)).toEqual(before)
  })
})

describe('a parameter', () => {
  it.each([
    ['parameters.WEB_PROT=1', 'Did you mean parameters.WEB_PORT?'],
    ['environments.staging.parameters.WEB_PROT=1', 'Did you mean parameters.WEB_PORT?'],
    ['parameters.WEB_IMAGE=x', 'Its value is in docker.image.'],
    ['parameters.OTHER=1', 'Its parameters: WEB_PORT, WEB_TITLE. A variable of your own is variables.OTHER.'],
  ])('that the template does not have is refused: %s', async (given, hint) => {
    const error = await rejection(changeConfig(world, TARGET, wishes([given]), PLAIN))
    expect(error.toData()).toMatchObject({ code: 'USAGE', exit: 2, hint })
    expect(error.message).toContain('the template demo has no such parameter')
    expect(await text()).toBe(CONFIG)
  })

  it('is judged by the template that is set with it', async () => {
    const both = wishes(['template=ddalab', 'parameters.WEB_PORT=1'])
    expect((await rejection(changeConfig(world, TARGET, both, PLAIN))).message).toContain('the template ddalab')
  })

  it('that is a number is written as one, and as a text where it would read back as another', async () => {
    await changeConfig(world, TARGET, wishes(['parameters.WEB_PORT=8099', 'parameters.WEB_TITLE=007']), PLAIN)
    expect(await text()).toContain("parameters: { WEB_PORT: 8099, WEB_TITLE: '007' }")
  })
})

describe('a setting for one environment only', () => {
  const staging = { ...TARGET, environment: 'staging' as const }
  const inStaging = (...set: readonly string[]) =>
    changeConfig(world, staging, setting({ set, setSecretly: [], generate: [] }, staging.environment), PLAIN)
  const held = async (target: Target, path: string) =>
    (await getSettings(world, target, path)).map(({ value, origin }) => [value, origin])

  it('is written to its overlay, holds there, and is taken out of there', async () => {
    const report = await inStaging('docker.image=busybox:3', 'parameters.WEB_TITLE=Stage')
    expect(report.diff.changes.map(({ path }) => path).sort()).toEqual([
      'environments.staging.docker.image',
      'environments.staging.parameters.WEB_TITLE',
    ])
    expect(await text()).toContain(CONFIG)
    expect(await held(staging, 'docker.image')).toEqual([['busybox:3', 'overlay']])
    expect(await held(TARGET, 'docker.image')).toEqual([['busybox:1', 'file']])
    expect(await held(TARGET, 'environments.staging.docker.image')).toEqual([['busybox:3', 'overlay']])
    expect((await rejection(getSettings(world, TARGET, 'environments.development.docker.image'))).code).toBe(
      'SETTING_NOT_FOUND',
    )

    await changeConfig(world, staging, unsetting(['docker.image'], 'staging'), PLAIN)
    expect(await held(staging, 'docker.image')).toEqual([['busybox:1', 'file']])
    await changeConfig(world, staging, unsetting(['parameters'], 'staging'), PLAIN)
    expect(await text()).toBe(CONFIG)
  })

  it.each(['template=ddalab', 'environment=production'])('is refused where it cannot be one: %s', async (given) => {
    const error = await rejection(inStaging(given))
    expect(error.toData()).toMatchObject({ code: 'USAGE', message: expect.stringContaining('in all environments') })
    expect(await text()).toBe(CONFIG)
  })

  it('is checked like any other: secrets, parameters, names', async () => {
    for (const given of ['database.password=x', 'parameters.NOPE=1', 'docker.imgae=x']) {
      expect((await rejection(inStaging(given))).code).toBe('USAGE')
    }
  })

  it('comes before what is set for all of them, which is told', async () => {
    await changeConfig(world, TARGET, wishes(['environments.production.docker.image=busybox:3']), PLAIN)
    const { warnings } = await changeConfig(world, TARGET, wishes(['docker.image=busybox:4']), PLAIN)
    expect(warnings).toEqual([
      'environments.production.docker.image comes before docker.image; change that with --environment production',
    ])
  })
})

describe('a setting', () => {
  it('is taken out, and then its default holds', async () => {
    await changeConfig(world, TARGET, unsetting(['parameters.WEB_PORT']), PLAIN)
    expect(await text()).not.toContain('8081')
  })

  it('that was the last one of its section takes the section with it', async () => {
    await changeConfig(world, TARGET, unsetting(['docker.image']), PLAIN)
    expect(await text()).not.toContain('docker')
  })

  it('may be one item of a list', async () => {
    await writeFile(file, `${CONFIG}profiles: [monitoring]\n`)
    await changeConfig(world, TARGET, unsetting(['profiles[0]']), PLAIN)
    expect(await text()).toContain('profiles: []')
  })

  it('that does not exist is named with what was meant', async () => {
    const error = await rejection(changeConfig(world, TARGET, unsetting(['docker.imgae']), PLAIN))
    expect(error.options.hint).toContain('docker.image')
  })
})

describe('a secret', () => {
  it('is refused on the command line, and encrypted when it comes by a better way', async () => {
    expect((await rejection(changeConfig(world, TARGET, wishes(['database.password=x']), PLAIN))).code).toBe('USAGE')
    await changeConfig(world, TARGET, wishes([], { 'database.password': 'aperfectsecret' }), PLAIN)
    expect(await text()).not.toContain('aperfectsecret')
    expect((await opened()).database?.password).toBe('aperfectsecret')
  })

  it('that stands in plain text is encrypted by the next write', async () => {
    await writeFile(file, `${CONFIG}database: { password: typedbyhand }\n`)
    await changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), PLAIN)
    expect(await text()).not.toContain('typedbyhand')
    expect((await opened()).database?.password).toBe('typedbyhand')
  })

  it('that somebody typed over in an editor is refused, and accepted when its owner says so', async () => {
    await changeConfig(world, TARGET, wishes([], { 'database.password': 'aperfectsecret' }), PLAIN)
    await writeFile(file, (await text()).replace(/ENC\[[^\]]*\]/, 'typedover'))
    const error = await rejection(changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), PLAIN))
    expect(error.code).toBe('SECRETS_MAC_WRONG')
    const edit = rotating(world, { add: [], remove: [] })
    const prepared = await prepareChange(world, TARGET, edit, { ignoreMac: true })
    await carryOutChange(world, TARGET, prepared, PLAIN)
    expect(await text()).not.toContain('typedover')
    expect((await opened()).database?.password).toBe('typedover')
  })

  it('stays the same under a new key', async () => {
    await changeConfig(world, TARGET, wishes([], { 'database.password': 'aperfectsecret' }), PLAIN)
    const before = await text()
    await changeConfig(world, TARGET, rotating(world, { add: [], remove: [] }), PLAIN)
    expect(await text()).not.toBe(before)
    expect((await opened()).database?.password).toBe('aperfectsecret')
  })
})

describe('an earlier state', () => {
  it('comes back byte for byte, and that can be taken back too', async () => {
    await changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), PLAIN)
    const changed = await text()
    const note = { kind: 'restore' as const, reason: null }
    await changeConfig(world, TARGET, await restoring(world, TARGET, '1'), { note, dryRun: false })
    expect(await text()).toBe(CONFIG)
    await changeConfig(world, TARGET, await restoring(world, TARGET, '2'), { note, dryRun: false })
    expect(await text()).toBe(changed)
    expect(await numbers()).toEqual(['outside', 'change', 'restore', 'restore'])
  })

  it('comes back over a file that cannot be read any more, which is kept', async () => {
    await changeConfig(world, TARGET, wishes(['docker.image=busybox:2']), PLAIN)
    await writeFile(file, '\0 broken')
    await changeConfig(world, TARGET, await restoring(world, TARGET, '2'), PLAIN)
    expect(await text()).toContain('busybox:2')
    expect(await numbers()).toContain('outside')
  })
})

describe('a migration', () => {
  const migrate = (to?: string) => changeConfig(world, TARGET, migrating(to), PLAIN)

  it('goes down and up again: what the older version does not know is in the history', async () => {
    await migrate('2.0.0')
    expect(await text()).toBe("# Kept by hand.\nversion: 2.0.0\n\ndocker:\n  image: 'busybox:1'   # ours\n")
    await migrate()
    expect(await text()).toContain('version: 3.0.0')
    await changeConfig(world, TARGET, await restoring(world, TARGET, '1'), PLAIN)
    expect(await text()).toBe(CONFIG)
  })

  it('to an unknown version is refused, with the known ones named', async () => {
    const error = await rejection(migrate('2.5.0'))
    expect(error.options.hint).toContain('2.0.0')
    expect(await text()).toBe(CONFIG)
  })
})

describe('editing by hand', () => {
  it('sees no section of the encryption, and may type over a secret', async () => {
    await changeConfig(world, TARGET, wishes([], { 'database.password': 'aperfectsecret' }), PLAIN)
    let path = ''
    const editing = {
      edit: async (draft: string) => {
        path = draft
        const shown = await readFile(draft, 'utf8')
        expect(shown).not.toMatch(/^sops:/m)
        expect(shown).not.toContain('aperfectsecret')
        await writeFile(draft, shown.replace(/ENC\[[^\]]*\]/, 'anotherone'))
      },
      again: () => Promise.resolve(false),
    }
    await editByHand(world, TARGET, editing, PLAIN)
    expect(await text()).not.toContain('anotherone')
    await expect(readFile(path)).rejects.toThrow('ENOENT')
    expect((await opened()).database?.password).toBe('anotherone')
  })

  it('is offered again after a mistake; who gives up finds the text where the error says', async () => {
    const tries: string[] = []
    const error = await rejection(
      editByHand(
        world,
        TARGET,
        {
          edit: async (draft) => {
            tries.push(draft)
            await writeFile(draft, `${CONFIG}api: { port: no }\n`)
          },
          again: async () => tries.length < 2,
        },
        PLAIN,
      ),
    )
    expect(tries).toHaveLength(2)
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.options.hint).toContain(tries[0])
    expect(await readFile(tries[0] ?? '', 'utf8')).toContain('port: no')
    expect(await text()).toBe(CONFIG)
  })

  it('leaves no copy behind where the editor cannot be started', async () => {
    const broken = { edit: () => Promise.reject(new Error('no such editor')), again: () => Promise.resolve(false) }
    await expect(editByHand(world, TARGET, broken, PLAIN)).rejects.toThrow('no such editor')
    expect(await readdir(dirname(file))).toEqual(['deployment-config.yml'])
  })

  it('loses no text where it cannot be written: somebody else is at work, or wrote the file, or it is only shown', async () => {
    let path = ''
    const typing = (meanwhile: () => Promise<unknown>) => ({
      edit: async (draft: string) => {
        path = draft
        await writeFile(draft, `${CONFIG}api: { port: 9000 }\n`)
        await meanwhile()
      },
      again: () => Promise.resolve(false),
    })
    const kept = async () => expect(await readFile(path, 'utf8')).toContain('port: 9000')

    const { paths } = locateInstance(world, TARGET)
    const lease = await leaseStore(world, paths).acquire({ command: 'ddalab deploy', signal: world.signal })
    const locked = await rejection(
      editByHand(
        world,
        TARGET,
        typing(async () => {}),
        PLAIN,
      ),
    )
    await lease.release()
    expect(locked.toData()).toMatchObject({ code: 'LOCKED', exit: 7, hint: expect.stringContaining(path) })
    await kept()

    const theirs = () => writeFile(file, `${CONFIG}# theirs\n`)
    const changed = await rejection(editByHand(world, TARGET, typing(theirs), PLAIN))
    expect(changed.toData()).toMatchObject({ code: 'CONFIG_CHANGED', hint: expect.stringContaining(path) })
    await kept()

    await editByHand(
      world,
      TARGET,
      typing(async () => {}),
      { ...PLAIN, dryRun: true },
    )
    expect(world.events.at(-1)).toMatchObject({ type: 'notice', message: `Your text is kept in ${path}.` })
    await kept()
    expect(await text()).toBe(`${CONFIG}# theirs\n`)
  })
})
