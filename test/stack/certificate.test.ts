import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificateNames, createSelfSignedCertificate, needsRenewal } from '../../src/core/stack/certificate.ts'

const now = new Date('2026-02-03T04:05:06Z')
const later = (days: number) => new Date(now.getTime() + days * 86_400_000)

describe('a self-signed certificate', () => {
  const names = certificateNames('lab.example.org')
  const pair = createSelfSignedCertificate(names, now)
  const parsed = new X509Certificate(pair.certificate)

  test('is for the domain, localhost and 127.0.0.1, and for nothing else', () => {
    expect(parsed.subjectAltName).toBe('DNS:lab.example.org, DNS:localhost, IP Address:127.0.0.1')
    expect(parsed.checkHost('lab.example.org')).toBe('lab.example.org')
    expect(parsed.checkHost('other.example.org')).toBeUndefined()
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1')
  })

  test('belongs to its key, a P-256 one, and is signed with it', () => {
    const key = createPrivateKey(pair.key)
    expect(parsed.checkPrivateKey(key)).toBe(true)
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(parsed.verify(parsed.publicKey)).toBe(true)
    expect(parsed.issuer).toBe(parsed.subject)
  })

  test('is a server certificate and no authority', () => {
    expect(parsed.ca).toBe(false)
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  })

  test('is valid at once and for less than 825 days', () => {
    expect(parsed.validFromDate).toEqual(new Date('2026-02-03T03:05:06Z'))
    expect(parsed.validToDate.getTime() - parsed.validFromDate.getTime()).toBeLessThan(825 * 86_400_000)
  })

  test('is trusted by a client that is given it, over TLS 1.2 and up', async () => {
    const live = createSelfSignedCertificate(names, new Date())
    const server = createServer({ key: live.key, cert: live.certificate, minVersion: 'TLSv1.2' }, (socket) =>
      socket.end('hello'),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const client = connect({ host: '127.0.0.1', port, servername: 'lab.example.org', ca: live.certificate })
    await once(client, 'secureConnect')
    expect(client.authorized).toBe(true)
    client.destroy()
    server.close()
  })

  test.each([
    ['2001:db8::1', '2001:DB8:0:0:0:0:0:1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::ffff:10.0.0.1', '0:0:0:0:0:FFFF:A00:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ])('the address %s is written as one', (address, written) => {
    const certificate = new X509Certificate(createSelfSignedCertificate([address], now).certificate)
    expect(certificate.subjectAltName).toBe(`IP Address:${written}`)
  })

  test('is made anew before it expires, when the domain changes, and when it cannot be read', () => {
    expect(needsRenewal(pair.certificate, names, now)).toBe(false)
    expect(needsRenewal(pair.certificate, names, later(780))).toBe(false)
    expect(needsRenewal(pair.certificate, names, later(800))).toBe(true)
    expect(needsRenewal(pair.certificate, certificateNames('new.example.org'), now)).toBe(true)
    expect(needsRenewal('nothing', names, now)).toBe(true)
  })

  test('in 2050 it has dates of the later form', () => {
    const certificate = new X509Certificate(
      createSelfSignedCertificate(['a'], new Date('2049-06-01T00:00:00Z')).certificate,
    )
    expect(certificate.validToDate.getUTCFullYear()).toBe(2051)
  })
})
