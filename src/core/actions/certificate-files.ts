import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { systemCode } from '../errors.ts'
import { readFileIfExists } from '../files.ts'

export interface CertificateFiles {
  /** Absolute paths of PEM files. */
  readonly certificate: string
  readonly key: string
  /** The name under which the system is reached. */
  readonly domain: string
}

/** What was found, one sentence. `bad`: the pair cannot be used; `warn`: browsers will refuse it. */
export interface CertificateFinding {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly text: string
}

/** Looks at a certificate and its key: there, readable, a pair, in time, for the domain. Never throws. */
export async function checkCertificateFiles(files: CertificateFiles, now: Date): Promise<CertificateFinding> {
  const bad = (text: string): CertificateFinding => ({ tone: 'bad', text })
  const { certificate, key, domain } = files
  for (const path of [certificate, key]) if (!isAbsolute(path)) return bad(`${path} is not an absolute path.`)
  const [chain, privateKey] = await Promise.all([certificate, key].map(readText))
  if (chain === undefined) return bad(`There is no readable file ${certificate}.`)
  if (privateKey === undefined) return bad(`There is no readable file ${key}.`)
  const parsed = attempt(() => new X509Certificate(chain))
  if (parsed === undefined) return bad(`${certificate} holds no certificate in PEM form.`)
  const parsedKey = attempt(() => createPrivateKey(privateKey))
  if (parsedKey === undefined) return bad(`${key} holds no private key in PEM form without a passphrase.`)
  if (!parsed.checkPrivateKey(parsedKey)) return bad('The key is not that of the certificate.')
  const end = parsed.validToDate.toISOString().slice(0, 10)
  if (parsed.validToDate < now) return { tone: 'warn', text: `The certificate expired on ${end}.` }
  const isFor = isIP(domain) === 0 ? parsed.checkHost(domain) : parsed.checkIP(domain)
  if (isFor === undefined) return { tone: 'warn', text: `The certificate is not for ${domain}.` }
  return { tone: 'good', text: `Certificate and key are a pair, valid until ${end}.` }
}

function readText(path: string): Promise<string | undefined> {
  return readFileIfExists(path).catch(() => undefined)
}

/** What OpenSSL refuses is no error of ours. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (thrown) {
    if (systemCode(thrown) === undefined) throw thrown
    return undefined
  }
}
