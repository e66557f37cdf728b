import { spawnSync } from 'node:child_process'
import { randomBytes, scryptSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSigner, scryptCost } from '../../scripts/release/minisign.ts'
import { readMinisignKey, verifyMinisign } from '../../src/core/release/channel/index.ts'
import { secretKey, temporary } from './support.ts'

/** The same key behind a password, as `minisign -G` does it, at the least cost. */
function withPassword(text: string, password: string): string {
  const bytes = Buffer.from(text.trim().split('\n').at(-1) ?? '', 'base64')
  const [operations, memory] = [32768, 16 * 1024 * 1024]
  const salt = randomBytes(32)
  const stream = scryptSync(password, salt, 104, { ...scryptCost(operations, memory), maxmem: 2 * memory })
  bytes.write('Sc', 2)
  salt.copy(bytes, 6)
  bytes.writeBigUInt64LE(BigInt(operations), 38)
  bytes.writeBigUInt64LE(BigInt(memory), 46)
  for (const [index, byte] of stream.entries()) bytes[54 + index] = (bytes[54 + index] ?? 0) ^ byte
  return `untrusted comment: minisign encrypted secret key\n${bytes.toString('base64')}\n`
}

describe('the signature', () => {
  it('is one that the program trusts, with its comment', () => {
    const signer = openSigner(secretKey(), undefined)
    const signature = signer.sign(Buffer.from('sums'), 'ddalab 1.2.0')
    const key = readMinisignKey(signer.publicKey)
    expect(key && verifyMinisign(Buffer.from('sums'), signature, key)).toEqual({ good: true, comment: 'ddalab 1.2.0' })
    expect(key && verifyMinisign(Buffer.from('SUMS'), signature, key)).toMatchObject({ good: false })
  })

  it.runIf(spawnSync('minisign', ['-v']).error === undefined)('is one that minisign trusts', () => {
    const place = temporary()
    const signer = openSigner(secretKey(), undefined)
    writeFileSync(join(place, 'sums'), 'sums')
    writeFileSync(join(place, 'sums.minisig'), signer.sign(Buffer.from('sums'), 'ddalab 1.2.0'))
    const { status, stdout } = spawnSync('minisign', ['-Vm', join(place, 'sums'), '-P', signer.publicKey], {
      encoding: 'utf8',
    })
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('ddalab 1.2.0') })
  })

  it('comes also from a key with a password', () => {
    const open = secretKey()
    const sealed = withPassword(open, 'a password')
    expect(openSigner(sealed, 'a password').publicKey).toBe(openSigner(open, undefined).publicKey)
    expect(() => openSigner(sealed, 'another')).toThrow('does not open the signing key')
    expect(() => openSigner(sealed, undefined)).toThrow('DDALAB_MINISIGN_PASSWORD')
  })

  it('costs what minisign says: 1 GiB for the keys that it makes', () => {
    expect(scryptCost(33554432, 1073741824)).toEqual({ N: 2 ** 20, r: 8, p: 1 })
  })

  it('is not made with something else, of which nothing is told', () => {
    const text = 'untrusted comment: minisign public key\nnot-a-key-but-maybe-a-secret'
    expect(() => openSigner(text, undefined)).toThrow(/^The signing key is no minisign secret key \(minisign\.key\)$/)
  })
})
