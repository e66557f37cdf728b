import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decryptSops } from 'sops-age'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { getPath } from '../../src/core/config/index.ts'
import { KEYS, madeByOthers, open, RECIPIENTS, sealed } from './sops-files.ts'

describe('files that sops made', () => {
  it.each([
    [
      'rops-all-types',
      KEYS.rops,
      {
        hello: 'Welcome to SOPS! Edit this file as you please!',
        example_key: 'example_value',
        example_array: ['example_value1', 'example_value2'],
        example_number: 1234.56789,
        example_booleans: [true, false],
      },
    ],
    ['rops-empty-values', KEYS.rops, { string_value: '', null_value: null, array_value: ['', null] }],
    ['rops-encrypted-regex', KEYS.rops, { a: { encrypted_1: { a: 'xxx', b: 'xxx' }, not_encrypted: 'aaa' }, b: 'aaa' }],
    [
      'rops-encrypted-suffix',
      KEYS.rops,
      {
        a: {
          '1_encrypted': { a: 'xxx', b: 'xxx' },
          '2_plain': 'aaa',
          '3_nested_encrypted': { a: { i: 'xxx' }, b: { ii: 'xxx' } },
        },
        b_encrypted: 'xxx',
      },
    ],
    [
      'rops-unencrypted-regex',
      KEYS.rops,
      { a: { unencrypted_1: { a: 'aaa', b: 'aaa', c: [123, 456] }, encrypted: 'xxx' }, b: 'xxx' },
    ],
    [
      'rops-unencrypted-suffix',
      KEYS.rops,
      { a: { b_unencrypted: { a: 'aaa', b: 'aaa', c: [123, 456] }, c_encrypted: 'xxx' }, unencrypted_not: 'xxx' },
    ],
    [
      'rops-mac-only-encrypted',
      KEYS.rops,
      { a_encrypted: 'xxx', b_unencrypted: { a: 'aaa', b: [123, 456] }, c_encrypted: 'xxx', d_unencrypted: 'aaa' },
    ],
    [
      'several-recipients',
      KEYS.several,
      {
        secret: 'this is a secret',
        string: 'string',
        int: 7,
        float: 3.14,
        boolean: true,
        complex: { value: 'this is a secret', array: ['one', 'two', 'three'] },
      },
    ],
    ['flux', KEYS.flux, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'age' }, stringData: { key: 'value' } }],
  ])('%s opens with its key, and its MAC holds', async (name, key, data) => {
    expect((await open(madeByOthers(name), key)).data).toEqual(data)
  })
})

const CONFIG = `# our config
version: 3.0.0
api:
  port: 8001 # the usual one

database:
  user: ddalab
  password: 'it''s "a" $ecret: #1'
cache: {redis: {password: läuft, host: redis}}
secretVariables:
  TOKEN: |
    two
    lines
  PLAIN_NUMBER: 12
auth:
  jwtSecret: 0123456789abcdef # made by hand
`

describe('files that we make', () => {
  it('are opened by another reader', async () => {
    const text = await sealed(CONFIG)
    expect(text).not.toMatch(/ecret: #1|läuft|lines|0123456789abcdef/)
    const read = await decryptSops(text, { secretKey: KEYS.rops, fileType: 'yaml' })
    expect(read).toEqual(parseDocument(CONFIG, 'config.yml').data)
  })

  it('have their key in age files', async (context) => {
    if (!hasAge()) return context.skip()
    const text = await sealed(CONFIG, { recipients: [RECIPIENTS.rops, RECIPIENTS.flux] })
    const { dataKey } = await open(text)
    const keys = getPath(parseDocument(text, 'config.yml').data, ['sops', 'age'])
    const read = [KEYS.rops, KEYS.flux].map((key, index) => ageDecrypt(String(getPath(keys, [index, 'enc'])), key))
    expect(read).toEqual([Buffer.from(dataKey), Buffer.from(dataKey)])
  })

  it('leave all that is not secret as it was', async () => {
    const lines = (await sealed(CONFIG)).split('\n')
    const kept = CONFIG.split('\n').filter(
      (line) => !/password|two|lines|TOKEN|PLAIN_NUMBER|jwtSecret/.test(line) && line !== '',
    )
    expect(lines).toEqual(expect.arrayContaining(kept))
    expect(lines.find((line) => line.includes('jwtSecret'))).toMatch(/jwtSecret: ENC\[.*\] # made by hand$/)
  })
})

function hasAge(): boolean {
  return spawnSync('age', ['--version']).status === 0
}

function ageDecrypt(file: string, key: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'ddalab-age-'))
  const identity = join(directory, 'identity.txt')
  writeFileSync(identity, `${key}\n`, { mode: 0o600 })
  try {
    return execFileSync('age', ['--decrypt', '--identity', identity], { input: file })
  } finally {
    rmSync(directory, { recursive: true })
  }
}
