import { isIP } from 'node:net'
import type { Finding } from '../finding.ts'
import type { Config } from '../schema.ts'
import { missing } from './missing.ts'
import { at, type Rule, type Subject } from './rule.ts'

/** The TLS section, where it is not switched off. */
function active({ ssl }: Config): NonNullable<Config['ssl']> | undefined {
  return ssl?.enabled === false ? undefined : ssl
}

function halfPair({ config }: Subject): readonly Finding[] {
  const ssl = active(config)
  if (ssl === undefined || (ssl.certPath === undefined) === (ssl.keyPath === undefined)) return []
  return missing(config, ['ssl.certPath', 'ssl.keyPath'], 'goes with the other one of certificate and key')
}

function incompleteAcme({ config }: Subject): readonly Finding[] {
  if (active(config)?.letsEncrypt === undefined) return []
  const domains = config.ingress?.domain === undefined ? ['ssl.letsEncrypt.domains'] : []
  return missing(config, ['ssl.letsEncrypt.email', ...domains], "is needed by Let's Encrypt")
}

function acmeBesidePair({ config }: Subject): readonly Finding[] {
  const ssl = active(config)
  if (ssl?.letsEncrypt === undefined || (ssl.certPath === undefined && ssl.keyPath === undefined)) return []
  return [at('ssl.letsEncrypt', 'and a certificate of your own exclude each other', 'Remove one of them.')]
}

function acmeWithNginx({ config }: Subject): readonly Finding[] {
  if (active(config)?.letsEncrypt === undefined || config.ingress?.type !== 'nginx') return []
  return [
    at('ssl.letsEncrypt', 'does not work with ingress.type nginx', 'Use traefik or caddy, or give a certificate.'),
  ]
}

/** RFC 6761 and RFC 6762, and what home routers use: names that no public authority certifies. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|lan|internal|intranet|home|corp|test|example|invalid|arpa)$/i

function uncertifiable({ config }: Subject): readonly Finding[] {
  const acme = active(config)?.letsEncrypt
  if (acme === undefined) return []
  const given = (acme.domains ?? []).map((name, index) => ({ path: `ssl.letsEncrypt.domains[${index}]`, name }))
  const domain = config.ingress?.domain
  const all = given.length > 0 || domain === undefined ? given : [{ path: 'ingress.domain', name: domain }]
  return all
    .filter(({ name }) => isIP(name) !== 0 || !name.includes('.') || PRIVATE_NAME.test(name))
    .map(({ path }) =>
      at(
        path,
        "gets no certificate from Let's Encrypt: it is no public name",
        'Write a name that is in the public DNS.',
      ),
    )
}

function unreachableAcme({ config }: Subject): readonly Finding[] {
  const port = config.ingress?.httpPort
  if (active(config)?.letsEncrypt === undefined || port === undefined || port === 80) return []
  return [
    at('ingress.httpPort', `is ${port}: Let's Encrypt asks at port 80`, 'Use 80, or lead port 80 of the router there.'),
  ]
}

function stagingInProduction({ config, environment }: Subject): readonly Finding[] {
  if (environment !== 'production' || active(config)?.letsEncrypt?.staging !== true) return []
  return [
    at('ssl.letsEncrypt.staging', 'gives certificates that no browser trusts', 'Remove it once the trial worked.'),
  ]
}

function offInProduction({ config: { ssl }, environment }: Subject): readonly Finding[] {
  if (environment !== 'production' || ssl?.enabled !== false) return []
  return [
    at(
      'ssl.enabled',
      'is false in production: passwords and data go unencrypted',
      'Set it to true, or put a proxy with TLS in front.',
    ),
  ]
}

export const tlsRules: readonly Rule[] = [
  {
    id: 'certificate-half',
    severity: 'error',
    about: 'Only one of `ssl.certPath` and `ssl.keyPath` is given.',
    onRead: true,
    check: halfPair,
  },
  {
    id: 'lets-encrypt-incomplete',
    severity: 'error',
    about: "Let's Encrypt has no e-mail address or no domain.",
    onRead: true,
    check: incompleteAcme,
  },
  {
    id: 'lets-encrypt-beside-certificate',
    severity: 'error',
    about: "Let's Encrypt and a certificate of your own are given at once.",
    onRead: true,
    check: acmeBesidePair,
  },
  {
    id: 'lets-encrypt-nginx',
    severity: 'error',
    about: "The ingress is nginx, which cannot fetch certificates from Let's Encrypt.",
    onRead: true,
    check: acmeWithNginx,
  },
  {
    id: 'lets-encrypt-domain',
    severity: 'error',
    about: "Let's Encrypt shall certify localhost, an IP address or a name that is not public.",
    check: uncertifiable,
  },
  {
    id: 'lets-encrypt-port',
    severity: 'warning',
    about: "Let's Encrypt asks at port 80, and `ingress.httpPort` is another.",
    check: unreachableAcme,
  },
  {
    id: 'lets-encrypt-staging',
    severity: 'warning',
    about: "Production uses the trial certificates of Let's Encrypt.",
    check: stagingInProduction,
  },
  {
    id: 'tls-off-in-production',
    severity: 'warning',
    about: '`ssl.enabled` is false in production.',
    check: offInProduction,
  },
]
