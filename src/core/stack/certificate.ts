import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { bitString, type Der, explicit, integer, octetString, oid, sequence, set, tagged, time, utf8 } from './der.ts'

/** A certificate and its private key, both PEM. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

const DAY = 86_400_000
/** Apple refuses certificates of servers that are valid for more than 825 days, self-signed ones included. */
const VALID_DAYS = 824
const RENEW_BEFORE_DAYS = 30

/** The names that a certificate for this domain must hold: the domain itself, and this machine's own for a first try. */
export function certificateNames(domain: string): readonly string[] {
  return [...new Set([domain, 'localhost', '127.0.0.1'])]
}

/**
 * A new self-signed certificate with an EC P-256 key for these host names and IP addresses (RFC 5280). The key file is to be
 * written 0600: the ingress images start as root, which may read it.
 */
export function createSelfSignedCertificate(names: readonly string[], now: Date): CertificatePair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subjectPublicKey = publicKey.export({ type: 'spki', format: 'der' })
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(commonName(names)))))
  const start = new Date(now.getTime() - DAY / 24)
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    name,
    sequence(time(start), time(new Date(start.getTime() + VALID_DAYS * DAY))),
    name,
    subjectPublicKey,
    explicit(3, sequence(...extensions(names, subjectPublicKey))),
  )
  const certificate = sequence(body, ecdsaWithSha256, bitString(sign('sha256', body, privateKey)))
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** True when a self-signed certificate cannot be kept: unreadable, soon or already expired, or not for one of these names. */
export function needsRenewal(certificate: string, names: readonly string[], now: Date): boolean {
  let parsed: X509Certificate
  try {
    parsed = new X509Certificate(certificate)
  } catch {
    return true
  }
  const covers = (name: string): boolean =>
    (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined
  return parsed.validToDate.getTime() - now.getTime() < RENEW_BEFORE_DAYS * DAY || !names.every(covers)
}

function extensions(names: readonly string[], subjectPublicKey: Der): readonly Der[] {
  const critical = Buffer.from([0x01, 0x01, 0xff])
  const serverAuthentication = oid('1.3.6.1.5.5.7.3.1')
  const digitalSignature = Buffer.from([0x03, 0x02, 0x07, 0x80])
  return [
    sequence(oid('2.5.29.17'), octetString(sequence(...names.map(generalName)))),
    sequence(oid('2.5.29.19'), critical, octetString(sequence())),
    sequence(oid('2.5.29.15'), critical, octetString(digitalSignature)),
    sequence(oid('2.5.29.37'), octetString(sequence(serverAuthentication))),
    sequence(oid('2.5.29.14'), octetString(octetString(createHash('sha1').update(subjectPublicKey).digest()))),
  ]
}

/** GeneralName: dNSName is [2], iPAddress is [7]. */
function generalName(name: string): Der {
  return isIP(name) === 0 ? tagged(2, Buffer.from(name, 'ascii')) : tagged(7, addressBytes(name))
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  // The URL parser brings an IPv6 address, with its embedded IPv4 if any, into one form.
  const normal = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = normal.split('::')
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const missing = 8 - words(head).length - words(tail ?? '').length
  const all = tail === undefined ? words(head) : [...words(head), ...Array<string>(missing).fill('0'), ...words(tail)]
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex')
}

/** At most 64 characters (RFC 5280, ub-common-name). */
function commonName([first = '']: readonly string[]): string {
  return first.length > 0 && first.length <= 64 ? first : 'ddalab'
}

/** 16 random bytes, positive and not beginning with zero. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}

function pem(label: string, der: Der): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
