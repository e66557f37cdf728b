import { type Config, CURRENT_VERSION } from '../config/index.ts'
import { checkCertificate } from './config/validate/certificate.ts'
import { locateInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface CertificateFiles {
  /** Paths of PEM files, from the config's directory on where they are relative. */
  readonly certificate: string
  readonly key: string
  /** The name under which the system is reached. */
  readonly domain: string
}

/** What was found, in words. `bad`: the pair cannot be used; `warn`: it can, but somebody will not like it. */
export interface CertificateFinding {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly text: string
}

/** Looks at a certificate and its key as `config validate` would if they were in the config of the instance. */
export async function checkCertificateFiles(
  world: World,
  target: Target,
  { certificate, key, domain }: CertificateFiles,
): Promise<CertificateFinding> {
  const config: Config = {
    version: CURRENT_VERSION,
    ssl: { enabled: true, certPath: certificate, keyPath: key },
    ingress: { domain },
  }
  const { platform } = world.environment
  const found = await checkCertificate(config, locateInstance(world, target).paths, { now: world.now(), platform })
  const worst = found.find(({ severity }) => severity === 'error') ?? found[0]
  if (worst === undefined) return { tone: 'good', text: 'Certificate and key are a pair, and hold for this domain.' }
  return { tone: worst.severity === 'error' ? 'bad' : 'warn', text: `${worst.message}. ${worst.hint}` }
}
