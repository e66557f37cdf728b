import { isAbsolute, join } from 'node:path'
import type { Config } from '../config/index.ts'
import { DdalabError } from '../errors.ts'
import { readFileIfExists } from '../files.ts'
import type { InstancePaths } from '../instance/index.ts'
import {
  type CertificatePair,
  certificateNames,
  certificateNeed,
  createSelfSignedCertificate,
  needsRenewal,
} from '../stack/index.ts'

/** Where the files of the ingress keep the pair, below the instance directory: what was made once is found there again. */
const KEPT = { certificate: 'certs/cert.pem', key: 'certs/key.pem' }

/**
 * The certificate for the ingress: the configured one, else the self-signed one of an earlier deploy, else a new one, which
 * the deploy writes. Errors: CONFIG_INVALID when a configured file is not there.
 */
export async function certificateFor(
  config: Config,
  paths: InstancePaths,
  now: Date,
): Promise<CertificatePair | undefined> {
  const need = certificateNeed(config)
  switch (need.kind) {
    case 'none':
      return undefined
    case 'given':
      return givenPair(certificatePaths(config, paths))
    case 'self-signed': {
      const names = certificateNames(need.domain)
      const kept = await keptPair(paths.ingress)
      if (kept !== undefined && !needsRenewal(kept.certificate, names, now)) return kept
      return createSelfSignedCertificate(names, now)
    }
  }
}

/** Where the pair is read from: certificate, key. */
export function certificatePaths(
  config: Config,
  { config: configFile, ingress }: InstancePaths,
): readonly [string, string] {
  const need = certificateNeed(config)
  if (need.kind === 'given') return [fromConfig(configFile, need.certPath), fromConfig(configFile, need.keyPath)]
  return [join(ingress, KEPT.certificate), join(ingress, KEPT.key)]
}

async function keptPair(directory: string): Promise<CertificatePair | undefined> {
  const [certificate, key] = await Promise.all([
    readFileIfExists(join(directory, KEPT.certificate)),
    readFileIfExists(join(directory, KEPT.key)),
  ])
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

/** A path in a config counts from the config's own directory. */
function fromConfig(configFile: string, path: string): string {
  return isAbsolute(path) ? path : join(configFile, '..', path)
}

async function givenPair([certificate, key]: readonly [string, string]): Promise<CertificatePair> {
  return { certificate: await readGiven('ssl.certPath', certificate), key: await readGiven('ssl.keyPath', key) }
}

async function readGiven(setting: string, path: string): Promise<string> {
  const content = await readFileIfExists(path)
  if (content !== undefined) return content
  throw new DdalabError('CONFIG_INVALID', `${setting} names ${path}, which does not exist`, {
    hint: 'Correct the path, or remove ssl.certPath and ssl.keyPath to get a self-signed certificate.',
  })
}
