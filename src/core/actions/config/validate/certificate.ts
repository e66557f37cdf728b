import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type Config, parsePath } from '../../../config/index.ts'
import { toDdalabError } from '../../../errors.ts'
import { readFileIfExists } from '../../../files.ts'
import type { InstancePaths } from '../../../instance/index.ts'
import { certificatePaths } from '../../certificate.ts'
import { type Found, found, type OtherRule } from './rules.ts'

const CERTIFICATE = parsePath('ssl.certPath')
const KEY = parsePath('ssl.keyPath')
const DAY = 86_400_000
const SOON = 30 * DAY

/** The certificate and key that a config names: whether they are there, belong together, and hold today for its domain. */
export async function checkCertificate(
  config: Config,
  paths: InstancePaths,
  { now, platform }: { readonly now: Date; readonly platform: NodeJS.Platform },
): Promise<readonly Found[]> {
  const { ssl, ingress } = config
  if (ssl?.enabled !== true || ssl.certPath === undefined || ssl.keyPath === undefined) return []
  const [certificateFile, keyFile] = certificatePaths(config, paths)
  const [certificateText, keyText, exposed] = await Promise.all([
    readGiven(CERTIFICATE, 'ssl.certPath', certificateFile),
    readGiven(KEY, 'ssl.keyPath', keyFile),
    platform === 'win32' ? [] : exposure(keyFile),
  ])
  const certificate = typeof certificateText === 'string' ? parseCertificate(certificateText) : certificateText
  const key = typeof keyText === 'string' ? parseKey(keyText) : keyText
  return [
    ...(certificate instanceof X509Certificate ? judge(certificate, ingress?.domain, now) : [certificate]),
    ...('rule' in key ? [key] : []),
    ...(certificate instanceof X509Certificate && !('rule' in key) && !certificate.checkPrivateKey(key)
      ? [
          found(
            'certificate-key-mismatch',
            KEY,
            'ssl.keyPath is not the key of the certificate',
            'Name the key with which the certificate was requested; in a chain the own certificate comes first.',
          ),
        ]
      : []),
    ...exposed,
  ]
}

async function readGiven(path: typeof KEY, setting: string, file: string): Promise<string | Found> {
  try {
    const text = await readFileIfExists(file)
    if (text !== undefined) return text
    return found(
      'certificate-missing',
      path,
      `${setting} names a file that does not exist`,
      'Correct the path; a relative one counts from the config.',
    )
  } catch (thrown) {
    const { message, options } = toDdalabError(thrown)
    return found('certificate-unreadable', path, `${setting}: ${message}`, options.hint ?? 'Change its permissions.')
  }
}

function parseCertificate(text: string): X509Certificate | Found {
  try {
    return new X509Certificate(text)
  } catch {
    return found(
      'certificate-invalid',
      CERTIFICATE,
      'ssl.certPath is no certificate',
      'It is a PEM file that begins with -----BEGIN CERTIFICATE-----.',
    )
  }
}

function parseKey(text: string): KeyObject | Found {
  try {
    return createPrivateKey(text)
  } catch {
    const hint = /ENCRYPTED/.test(text)
      ? 'It has a passphrase, which no ingress can be asked for: take it off with openssl pkey.'
      : 'It is a PEM file with the line -----BEGIN PRIVATE KEY-----.'
    return found('certificate-invalid', KEY, 'ssl.keyPath is no private key', hint)
  }
}

function judge(certificate: X509Certificate, domain: string | undefined, now: Date): readonly Found[] {
  const { validFromDate: from, validToDate: to } = certificate
  const finding = (rule: OtherRule, message: string, hint: string) =>
    found(rule, CERTIFICATE, `ssl.certPath ${message}`, hint)
  const day = (date: Date) => date.toISOString().slice(0, 10)
  const left = to.getTime() - now.getTime()
  return [
    ...(left < 0 ? [finding('certificate-expired', `expired on ${day(to)}`, 'Put a renewed one in its place.')] : []),
    ...(left >= 0 && left < SOON
      ? [finding('certificate-expires-soon', `expires on ${day(to)}`, 'Renew it; the next deploy takes it up.')]
      : []),
    ...(from > now
      ? [
          finding(
            'certificate-not-yet-valid',
            `is valid from ${day(from)} on`,
            'Check the clock of this machine, or wait.',
          ),
        ]
      : []),
    ...(domain !== undefined && domain !== 'localhost' && !covers(certificate, domain)
      ? [
          finding(
            'certificate-domain',
            'is not for ingress.domain: browsers will refuse it',
            'Get one for that name, or correct ingress.domain.',
          ),
        ]
      : []),
  ]
}

function covers(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined
}

async function exposure(keyFile: string): Promise<readonly Found[]> {
  const mode = await stat(keyFile).then(
    (facts) => facts.mode,
    () => 0,
  )
  if ((mode & 0o004) === 0) return []
  return [
    found(
      'certificate-key-exposed',
      KEY,
      'ssl.keyPath may be read by every user of this machine',
      'Make it private: chmod 600.',
    ),
  ]
}
