import { describe, expect, it } from 'vitest'
import type { ConfigEffect } from '../../src/ui/tui/config/model.ts'
import { rowAt, rowsOf } from '../../src/ui/tui/config/rows.ts'
import { CONFIG, form, GROUND, keys, played, to } from './config-support.ts'

const field = (path: string, text?: string) => form(text).fields.find((one) => one.path === path)
const last = (effects: readonly ConfigEffect[], type: ConfigEffect['type']) =>
  effects.findLast((one) => one.type === type)

describe('the form', () => {
  it('has everything that can be set, with what holds, where it comes from, and its default', () => {
    expect(field('api.port')).toMatchObject({ kind: 'number', value: 8002, origin: 'file', fallback: 8001 })
    expect(field('api.host')).toMatchObject({ origin: 'default', written: null, parameter: 'DDALAB_API_HOST' })
    expect(field('auth.mode')).toMatchObject({ kind: 'choice', choices: ['local', 'ldap', 'oauth'] })
    expect(field('auth.jwtSecret')).toMatchObject({
      isSecret: true,
      isRequired: true,
      generate: 'hex',
      value: undefined,
    })
    expect(field('parameters.DDALAB_DEBUG')?.help).toContain('more in the logs')
    expect(form().tables.map(({ path }) => path)).toContain('docker.environmentOverrides')
  })

  it('holds no value of a secret', () => {
    expect(field('database.password')).toMatchObject({ value: null, kind: 'secret' })
    expect(JSON.stringify(form())).not.toContain('not-so-secret')
  })

  it('writes where the value stands: what holds in one environment only stays there', () => {
    expect(field('web.port')).toMatchObject({
      origin: 'overlay',
      at: ['environments', 'production', 'web', 'port'],
      fallback: 3000,
    })
    expect(field('api.port')?.at).toEqual(['api', 'port'])
    const staging = form(CONFIG, 'staging').fields
    expect(staging.find(({ path }) => path === 'api.port')?.at).toEqual(['environments', 'staging', 'api', 'port'])
    expect(staging.find(({ path }) => path === 'template')?.at).toEqual(['template'])
  })
})

describe('drafts', () => {
  it('a value is typed over what holds, and judged', () => {
    const { state, effects } = played([...to('api.port'), ...keys('\r\u007F9\r')])
    expect(state.drafts.get('api.port')?.value).toBe(8009)
    expect(last(effects, 'judge')).toEqual({ type: 'judge', edits: [{ path: ['api', 'port'], value: 8009 }] })
  })

  it('what the schema refuses is no draft, and the editor stays', () => {
    const { state } = played([...to('api.port'), ...keys('\r9999\r')])
    expect(state.mode.kind).toBe('edit')
    expect(state.drafts.size).toBe(0)
  })

  it('a value that holds already is none', () => {
    expect(played([...to('api.port'), ...keys('\r\r')]).state.drafts.size).toBe(0)
  })

  it('switches turn, choices go on, lists have a line for each item', () => {
    expect(played([...to('storage.minio.useSSL'), ...keys(' ')]).state.drafts.get('storage.minio.useSSL')?.value).toBe(
      true,
    )
    expect(played([...to('auth.mode'), ...keys('\rj\r')]).state.drafts.get('auth.mode')?.value).toBe('ldap')
    const { state } = played([
      ...to('allowedDirs'),
      ...keys('\r'),
      { type: 'pasted', text: '\r\n/data/日本\r\n/more\r\n' },
      ...keys('\r'),
    ])
    expect(state.drafts.get('storage.allowedDirs')?.value).toEqual(['/app/data', '/data/日本', '/more'])
  })

  it('taken out of the file, the default holds; what the file does not set cannot be taken out', () => {
    const { state } = played([...to('api.port'), ...keys('x')])
    expect(state.drafts.get('api.port')).toMatchObject({ value: undefined })
    expect(played([...to('api.host'), ...keys('x')]).state.drafts.size).toBe(0)
  })

  it('a secret is typed anew: nothing typed leaves it as it is, and what was typed is in no judgement shown', () => {
    expect(played([...to('database.password'), ...keys('\r\r')]).state.drafts.size).toBe(0)
    const { state } = played([...to('database.password'), ...keys('\rhunter2hunter2\r')])
    expect(state.drafts.get('database.password')?.value).toBe('hunter2hunter2')
    expect(played([...to('database.password'), ...keys('p')]).effects.at(-1)).toMatchObject({
      type: 'generate',
      kind: 'password',
    })
  })

  it('a name is added to a table, with all that is below it; given no value it is gone again', () => {
    const open = [...to('resources'), ...keys('aapi\r')]
    expect(played(open).state.mode).toMatchObject({ kind: 'edit', field: { path: 'resources.api.cpus' } })
    const { state } = played([...open, ...keys('2\r')])
    expect(state.drafts.get('resources.api.cpus')?.value).toBe(2)
    expect(rowsOf(state).map((row) => (row.kind === 'section' ? '' : row.id))).toContain('resources.api.memory')
    expect(played([...open, ...keys('\u001B')]).state.added).toEqual([])
  })

  it('are dropped one by one, or all', () => {
    const both = [...to('api.port'), ...keys('x\u001B'), ...to('auth.mode'), ...keys(' ')]
    expect(played(both).state.drafts.size).toBe(2)
    expect([...played([...both, ...keys('u')]).state.drafts.keys()]).toEqual(['api.port'])
    expect(played([...both, ...keys('U')]).state.drafts.size).toBe(0)
  })

  it('with --read-only nothing becomes one, and nothing is written', () => {
    const readOnly = { ...GROUND, isReadOnly: true }
    for (const input of ['\r', ' ', 'x', 'a', 'p', 'E']) {
      const { state, effects } = played([...to('auth.mode'), ...keys(input)], readOnly)
      expect(state.drafts.size, input).toBe(0)
      expect(state.mode.kind, input).toBe('browse')
      expect(last(effects, 'notice'), input).toBeDefined()
    }
  })
})

describe('what is found', () => {
  it('by words of names and helps, also of parameters; the cursor goes to the first', () => {
    expect(rowAt(played(to('s3 server port')).state)?.id).toBe('storage.minio.port')
    expect(rowAt(played(to('DDALAB_TASK')).state)?.id).toBe('dda.taskTimeout')
  })

  it('the filter goes from all to what the file sets, to drafts, to problems', () => {
    const ids = (input: string) =>
      rowsOf(played([...to('api.port'), ...keys(`x\u001B${input}`)]).state).flatMap((row) =>
        row.kind === 'field' ? [row.id] : [],
      )
    expect(ids('f')).toEqual(['template', 'api.port', 'web.port', 'database.password', 'ingress.domain'])
    expect(ids('ff')).toEqual(['api.port'])
  })
})

describe('what is to be written', () => {
  const change = [...to('api.port'), ...keys('x')]
  const HASH = 'a'.repeat(64)
  const diff = {
    before: 'a',
    after: 'b',
    same: false,
    lines: [],
    changes: [],
    encryption: null,
    lineEnds: null,
    unreadable: [],
  }
  const differs = { type: 'differs' as const, difference: { diff, warnings: [], hash: HASH } }
  const edits = [{ path: ['api', 'port'], value: undefined }]

  it('is shown as a difference first, with Cancel chosen; Enter then writes nothing and the drafts stay', () => {
    const { state, effects } = played([...change, ...keys('s')])
    expect(last(effects, 'difference')).toEqual({ type: 'difference', subject: { kind: 'drafts' }, edits })
    expect(state.mode).toMatchObject({ kind: 'review', choice: 'cancel' })
    const cancelled = played([...change, ...keys('s'), differs, ...keys('\r')])
    expect(last(cancelled.effects, 'save')).toBeUndefined()
    expect(cancelled.state.drafts.size).toBe(1)
  })

  it('is saved with its reason, and only as long as the file is the one that was compared', () => {
    const { effects } = played([...change, ...keys('s'), differs, ...keys('mnew port\rl\r')])
    expect(last(effects, 'save')).toEqual({
      type: 'save',
      subject: { kind: 'drafts' },
      edits,
      reason: 'new port',
      hash: HASH,
    })
  })

  it('or goes to the Change screen; when the file has changed there it is no draft any more', () => {
    const asked = [...change, ...keys('s'), differs, ...keys('ll\r')]
    const { state, effects } = played(asked)
    expect(last(effects, 'change')).toEqual({ type: 'change', request: { kind: 'config', edits } })
    expect(state.drafts.get('api.port')).toMatchObject({ isHanded: true })
    const written = form(CONFIG.replace('api: { port: 8002 }\n', ''))
    expect(played([...asked, { type: 'read', form: written }]).state.drafts.size).toBe(0)
    // Not carried out, and then changed by somebody else: the draft is there, and in conflict.
    const other = form(CONFIG.replace('8002', '8005'))
    expect(played([...asked, { type: 'returned' }, { type: 'read', form: other }]).state.drafts.size).toBe(1)
  })

  it('what somebody else changed meanwhile is told, and the draft is kept', () => {
    const draft = [...to('api.port'), ...keys('\r\u007F9\r')]
    const other = form(CONFIG.replace('8002', '8005'))
    const { state, effects } = played([...draft, { type: 'read', form: other }])
    expect(state.drafts.get('api.port')?.value).toBe(8009)
    expect(last(effects, 'notice')).toEqual({
      type: 'notice',
      text: 'Somebody else changed what you have drafts of: api.port.',
    })
    const same = played([...draft, { type: 'read', form: form(CONFIG.replace('8002', '8009')) }])
    expect(same.state.drafts.size).toBe(0)
  })

  it('what cannot be read is told with what is wrong; its history and the editor are still there', () => {
    const trouble = { code: 'CONFIG_INVALID', exit: 2, message: 'bad' } as const
    const broken = [{ type: 'unreadable' as const, trouble }]
    expect(played([...broken, ...keys('E')]).effects.at(-1)).toEqual({ type: 'edit' })
    expect(played([...broken, ...keys('H')]).effects.at(-1)).toEqual({ type: 'history' })
    expect(played([...broken, ...keys('s\rx')]).state.mode.kind).toBe('browse')
  })

  it('a revealed secret is hidden by the next move, and when the screen is left', () => {
    const shown = { type: 'revealed' as const, path: 'database.password', text: 'x' }
    expect(played([shown, ...keys('j')]).state.revealed).toBeUndefined()
    expect(played([shown, { type: 'left' }]).state.revealed).toBeUndefined()
  })
})
