import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { editText } from '../../src/core/config/edit/index.ts'
import { getPath, openConfigText, parsePath } from '../../src/core/config/index.ts'
import { unseal } from '../../src/core/config/sops/index.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { rejection } from '../support/errors.ts'
import { KEYS, LATER, madeByOthers, open, RECIPIENTS, sealed } from './sops-files.ts'

const CONFIG = `version: 3.0.0
database:
  password: swordfish-one
cache:
  redis:
    password: swordfish-two
auth:
  jwtSecret: swordfish-three
secretVariables:
  A: swordfish-four
`

let text: string
beforeAll(async () => {
  text = await sealed(CONFIG)
})

const at = (content: string, path: string) =>
  String(getPath(parseDocument(content, 'config.yml').data, parsePath(path)))
const set = (content: string, path: string, value: unknown) =>
  editText(content, [{ path: parsePath(path), value }], 'config.yml')

/** The error, which shows no secret and names a place. */
async function refusal(content: string, key?: string): Promise<DdalabError> {
  const error = await rejection(open(content, key))
  expect(JSON.stringify(error.toData())).not.toMatch(/swordfish|ENC\[/)
  expect(error.options.hint).toBeTruthy()
  return error
}

/** The data, or the error, which shows no secret. */
async function outcome(content: string): Promise<unknown> {
  try {
    const opened = await openConfigText(content, 'config.yml', {
      load: async () => ({ keys: [KEYS.rops], lookedIn: [] }),
    })
    return opened.document.config
  } catch (thrown) {
    if (!(thrown instanceof DdalabError) || thrown.code === 'UNEXPECTED') throw thrown
    expect(JSON.stringify(thrown.toData())).not.toContain('swordfish')
    return thrown
  }
}

describe('what somebody changed without the key is refused', () => {
  it('any character of an encrypted value', async () => {
    const paths = ['database.password', 'cache.redis.password', 'auth.jwtSecret', 'secretVariables.A', 'sops.mac']
    const places = fc.constantFrom(...paths).chain((path) => {
      const value = at(text, path)
      return fc.record({
        path: fc.constant(path),
        index: fc.nat(value.length - 1),
        other: fc.constantFrom('A', 'z', '0', '+', '=', ',', ']', 'é'),
      })
    })
    await fc.assert(
      fc.asyncProperty(places, async ({ path, index, other }) => {
        const value = at(text, path)
        if (value[index] === other) return
        const error = await refusal(set(text, path, value.slice(0, index) + other + value.slice(index + 1)))
        expect(error.code).toMatch(/^SECRETS_/)
      }),
      { numRuns: 500 },
    )
  })

  it('whatever is changed anywhere in the file: what is read as a secret is what was sealed', async () => {
    const secrets = (await open(text)).values.map(({ leaf, value }) => [leaf.path, value] as const)
    const changes = fc.record({ index: fc.nat(text.length - 1), length: fc.nat(2), other: fc.string({ maxLength: 2 }) })
    await fc.assert(
      fc.asyncProperty(changes, async ({ index, length, other }) => {
        const changed = text.slice(0, index) + other + text.slice(index + length)
        const result = await outcome(changed)
        if (result instanceof DdalabError) return
        for (const [path, value] of secrets) expect(getPath(result, path)).toBe(value)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['data', 10],
    ['iv', 5],
    ['tag', 5],
  ])('the %s of a value: it names the setting', async (part, offset) => {
    const value = at(text, 'database.password')
    const index = value.indexOf(`${part}:`) + part.length + 1 + offset
    const other = value[index] === 'A' ? 'B' : 'A'
    const error = await refusal(set(text, 'database.password', value.slice(0, index) + other + value.slice(index + 1)))
    expect(error.toData()).toMatchObject({
      code: 'SECRETS_TAMPERED',
      exit: 4,
      message: 'The encrypted value of database.password has been changed',
      place: { line: 3 },
    })
  })

  it('two values that were swapped: it says so', async () => {
    const swapped = set(
      set(text, 'database.password', at(text, 'auth.jwtSecret')),
      'auth.jwtSecret',
      at(text, 'database.password'),
    )
    expect(await refusal(swapped)).toMatchObject({
      code: 'SECRETS_TAMPERED',
      message: 'The encrypted value of database.password belongs to auth.jwtSecret: values were swapped or copied',
    })
  })

  it('two items of a list that were swapped', async () => {
    const swapped = ['example_array[1]', 'example_array[0]'].reduce(
      (content, path, index) => set(content, `example_array[${index}]`, at(madeByOthers('rops-all-types'), path)),
      madeByOthers('rops-all-types'),
    )
    expect((await refusal(swapped)).code).toBe('SECRETS_MAC_WRONG')
  })

  it('a value that was removed', async () => {
    expect(await refusal(set(text, 'auth', undefined))).toMatchObject({
      code: 'SECRETS_MAC_WRONG',
      message: 'The secrets in config.yml are not those that were sealed: one was removed, added or replaced',
    })
  })

  it('a value that was replaced by plain text: it names the setting', async () => {
    expect((await refusal(set(text, 'auth.jwtSecret', 'mine'))).message).toMatch(/In plain text: auth\.jwtSecret$/)
  })

  it('an older value of the same setting', async () => {
    const later = await sealed(set(text, 'database.password', 'new'), { former: await open(text), now: LATER })
    const mixed = set(later, 'database.password', at(text, 'database.password'))
    expect((await refusal(mixed)).code).toBe('SECRETS_MAC_WRONG')
  })

  it('a MAC that was removed', async () => {
    const expected = { code: 'SECRETS_MAC_MISSING', exit: 4 }
    expect(await refusal(set(text, 'sops.mac', undefined))).toMatchObject(expected)
    expect(await refusal(set(text, 'sops.mac', ''))).toMatchObject(expected)
  })

  it('the MAC of another file, or of another time', async () => {
    const message = 'sops.mac in config.yml was changed, or sops.lastmodified was, or it belongs to another file'
    const expected = { code: 'SECRETS_MAC_WRONG', message }
    expect(await refusal(set(text, 'sops.mac', at(await sealed(CONFIG), 'sops.mac')))).toMatchObject(expected)
    expect(await refusal(set(text, 'sops.lastmodified', '2026-11-21T10:00:01Z'))).toMatchObject(expected)
  })

  it('a setting in plain text, when the MAC covers everything', async () => {
    const file = set(madeByOthers('flux'), 'metadata.name', 'other')
    expect((await refusal(file, KEYS.flux)).code).toBe('SECRETS_MAC_WRONG')
  })

  it('the data key', async () => {
    const enc = at(text, 'sops.age[0].enc').split('\n')
    const damaged = enc.map((line, index) => (index === 4 ? [...line].reverse().join('') : line)).join('\n')
    expect(await refusal(set(text, 'sops.age[0].enc', damaged))).toMatchObject({ code: 'SECRETS_TAMPERED' })
  })
})

describe('what cannot be opened', () => {
  it('is for others: it names them, and where identities were looked for', async () => {
    const error = await refusal(text, KEYS.flux)
    expect(error.toData()).toMatchObject({ code: 'IDENTITY_MISSING', exit: 4 })
    expect(error.message).toContain(RECIPIENTS.rops)
    expect(error.options.hint).toContain('Looked in: identity.txt')
    const none = await rejection(unseal(parseDocument(text, 'config.yml'), { keys: [], lookedIn: [] }))
    expect(none.code).toBe('IDENTITY_MISSING')
  })

  it('is for keys of another kind only', async () => {
    expect(await refusal(madeByOthers('flux-pgp'))).toMatchObject({
      code: 'SECRETS_UNSUPPORTED',
      exit: 2,
      message: 'config.yml can only be opened with pgp, not with age',
    })
  })

  it.each([
    ['keys of several groups', 'sops.key_groups', [{ age: [] }, { age: [] }], 'needs keys of several groups together'],
  ])('needs %s', async (_, path, value, message) => {
    const file = set(set(text, 'sops.age', undefined), path, value)
    expect(await refusal(file)).toMatchObject({
      code: 'SECRETS_UNSUPPORTED',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    ['no keys', 'sops.age', undefined, 'SECRETS_MALFORMED'],
    ['keys of another form', 'sops.age', 'age1', 'SECRETS_MALFORMED'],
    ['no time', 'sops.lastmodified', undefined, 'SECRETS_MALFORMED'],
    ['two rules', 'sops.encrypted_suffix', 'x', 'SECRETS_MALFORMED'],
    ['a rule with an unknown construct', 'sops.encrypted_regex', '\\p{Greek}', 'SECRETS_UNSUPPORTED'],
    ['half a value', 'database.password', 'ENC[AES256_GCM,data:YQ==', 'SECRETS_MALFORMED'],
  ])('has %s', async (_, path, value, code) => {
    expect((await refusal(set(text, path, value))).code).toBe(code)
  })
})

describe('what may be opened all the same', () => {
  it('a secret in plain text that nobody sealed yet, while the MAC covers encrypted values only', async () => {
    const opened = await open(set(text, 'secretVariables.B', 'plain'))
    expect(getPath(opened.data, ['secretVariables'])).toEqual({ A: 'swordfish-four', B: 'plain' })
  })

  it('a file whose MAC is ignored on request; each value is still checked', async () => {
    const removed = set(text, 'auth', undefined)
    expect(getPath((await open(removed, KEYS.rops, { ignoreMac: true })).data, ['database', 'password'])).toBe(
      'swordfish-one',
    )
    const swapped = set(text, 'database.password', at(text, 'auth.jwtSecret'))
    expect((await rejection(open(swapped, KEYS.rops, { ignoreMac: true }))).code).toBe('SECRETS_TAMPERED')
  })
})
