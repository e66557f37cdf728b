import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { editText } from '../../src/core/config/edit/index.ts'
import { getPath } from '../../src/core/config/index.ts'
import { decrypt, encrypt, parseCiphertext } from '../../src/core/config/sops/ciphertext.ts'
import { rotate } from '../../src/core/config/sops/index.ts'
import { leavesOf } from '../../src/core/config/sops/leaves.ts'
import { macOver } from '../../src/core/config/sops/mac.ts'
import { macBytes, macBytesOfPlain, plaintextOf, scalarOf } from '../../src/core/config/sops/scalar.ts'
import { selects } from '../../src/core/config/sops/selector.ts'
import { KEYS, LATER, NOW, open, RECIPIENTS, sealed } from './sops-files.ts'

const leaves = (text: string) => leavesOf(parseDocument(text, 'config.yml'))

describe('values in plain text count in the MAC as sops reads them', () => {
  it.each([
    ['text', 'text'],
    ['"0644"', '0644'],
    ["'1_000'", '1_000'],
    ['0644', '420'],
    ['0o644', '420'],
    ['08', '8'],
    ['1_000', '1000'],
    ['0b101', '5'],
    ['0x1F', '31'],
    ['-12', '-12'],
    ['+12', '12'],
    ['9223372036854775807', '9223372036854775807'],
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['1e-7', '0.0000001'],
    ['1.5e300', `15${'0'.repeat(299)}`],
    ['-.inf', '-Inf'],
    ['true', 'True'],
    ['False', 'False'],
    ['yes', 'yes'],
    ['2024-01-02', '2024-01-02T00:00:00Z'],
    ['2024-1-2 3:04:05.600', '2024-01-02T03:04:05.6Z'],
    ['2024-01-02T03:04:05+02:00', '2024-01-02T03:04:05+02:00'],
    ['1.2.3', '1.2.3'],
    ['|\n  12\n', '12\n'],
  ])('%j as %j', (written, expected) => {
    const [leaf] = leaves(`a: ${written}`)
    expect(leaf && macBytesOfPlain(leaf.value, leaf.written).toString()).toBe(expected)
  })
})

describe('decrypted values', () => {
  it.each([
    ['str', '12', '12', '12'],
    ['int', '12', 12, '12'],
    ['int', '9007199254740993', 9007199254740992, '9007199254740993'],
    ['float', '1.50', 1.5, '1.5'],
    ['float', '+Inf', Infinity, '+Inf'],
    ['bool', 'True', true, 'True'],
    ['bool', 'false', false, 'False'],
    ['bytes', 'raw', 'raw', 'raw'],
    ['time', '2024-01-02T00:00:00Z', '2024-01-02T00:00:00Z', '2024-01-02T00:00:00Z'],
  ] as const)('%s %j is %j', (type, text, value, mac) => {
    const plaintext = { type, bytes: Buffer.from(text) }
    expect(scalarOf(plaintext)).toBe(value)
    expect(macBytes(plaintext).toString()).toBe(mac)
  })

  it.each([
    ['int', '1.5'],
    ['int', ''],
    ['float', 'x'],
    ['float', ''],
    ['bool', 'yes'],
    ['comment', 'x'],
  ] as const)('%s %j is no value', (type, text) => {
    expect(scalarOf({ type, bytes: Buffer.from(text) })).toBeUndefined()
  })

  it.each(['text', '', 12, -1.5, 1e21, 1e-9, true, false])('%j is encrypted as what it is', (value) => {
    expect(scalarOf(plaintextOf(value))).toBe(value)
  })
})

describe('the rule of a file', () => {
  const path = (keys: string) => ({ path: keys.split('.'), comments: [] })
  it.each([
    ['unencrypted_suffix', '_unencrypted', 'a.b', true],
    ['unencrypted_suffix', '_unencrypted', 'a_unencrypted.b', false],
    ['encrypted_suffix', '_enc', 'a.b_enc', true],
    ['encrypted_suffix', '_enc', 'a.b', false],
    ['encrypted_regex', '^(password|key)$', 'a.password.b', true],
    ['encrypted_regex', '^(password|key)$', 'a.passwords', false],
    ['encrypted_regex', '(?i)PASS', 'a.myPassword', true],
    ['encrypted_regex', '(?P<x>b)', 'a.b', true],
    ['unencrypted_regex', '^b', 'a.bb', false],
    ['unencrypted_regex', '^b', 'a.a', true],
  ] as const)('%s %s: %s %s', (rule, pattern, keys, expected) => {
    expect(selects({ rule, pattern })(path(keys))).toBe(expected)
  })

  it('by comments counts those above a setting, beside it, and above its sections', () => {
    const text = [
      '# sops:enc',
      'a: 1',
      'b: 2',
      '# other',
      'c:',
      '  d: 3 # sops:enc',
      '  e: 4',
      '# sops:enc',
      '',
      'f:',
      '  g: [5]',
    ].join('\n')
    const selected = (rule: 'encrypted_comment_regex' | 'unencrypted_comment_regex') =>
      leaves(text)
        .filter(selects({ rule, pattern: 'sops:enc' }))
        .map(({ value }) => value)
    expect(selected('encrypted_comment_regex')).toEqual([1, 3, 5])
    expect(selected('unencrypted_comment_regex')).toEqual([2, 4])
  })
})

describe('encrypted comments', () => {
  it('stay as they are, take no part in the MAC, and are rotated with the rest', async () => {
    const text = await sealed('version: 3.0.0\ndatabase:\n  # COMMENT\n  password: one\n')
    const former = await open(text)
    const comment = encrypt(Buffer.from(' a comment'), 'comment', former.dataKey, 'database:', randomBytes)
    const commented = text.replace(' COMMENT', comment)
    expect((await open(commented)).data).toEqual(former.data)
    const changed = await sealed(editText(commented, [{ path: ['database', 'user'], value: 'me' }], 'config.yml'), {
      former,
    })
    expect(changed).toContain(comment)
    const rotated = await rotate(commented, 'config.yml', former, {
      recipients: [RECIPIENTS.rops],
      now: LATER,
      randomBytes,
    })
    expect(rotated).not.toContain(comment)
    const ciphertext = parseCiphertext(/#(ENC\[.*type:comment\])/.exec(rotated)?.[1] ?? '')
    const { dataKey } = await open(rotated)
    expect(ciphertext && decrypt(ciphertext, dataKey, 'database:')?.toString()).toBe(' a comment')
  })
})

describe('keys of a file', () => {
  it('may stand in a single group', async () => {
    const text = await sealed('version: 3.0.0\ndatabase: {password: one}\n')
    const age = getPath(parseDocument(text, 'config.yml').data, ['sops', 'age'])
    const grouped = editText(
      text,
      [
        { path: ['sops', 'age'], value: undefined },
        { path: ['sops', 'key_groups'], value: [{ age }] },
      ],
      'config.yml',
    )
    const former = await open(grouped)
    const rotated = await rotate(grouped, 'config.yml', former, {
      recipients: [RECIPIENTS.flux],
      now: NOW,
      randomBytes,
    })
    expect((await open(rotated, KEYS.flux)).data).toEqual(former.data)
  })

  it('give a MAC over encrypted values that is never one over all values', () => {
    expect(macOver([Buffer.from('a')], true)).not.toBe(macOver([Buffer.from('a')], false))
  })
})
