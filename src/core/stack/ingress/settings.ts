import type { Config } from '../../config/schema.ts'
import { DdalabError } from '../../errors.ts'
import type { StackIngress } from '../model.ts'
import type { Tls } from './ingress.ts'

/** What the config says about the way in. */
export interface IngressSettings {
  readonly kind: StackIngress['kind']
  /** Undefined: no name was given, requests for any host are taken. */
  readonly domain?: string
  readonly httpPort: number
  readonly httpsPort: number
  readonly tls: Tls
  readonly scheme: 'http' | 'https'
  /** The main entry as a browser sees it. */
  readonly url: string
}

/** Errors: CONFIG_INVALID when the certificate cannot be had with this ingress. */
export function ingressSettings(config: Config): IngressSettings {
  const { type: kind = 'traefik', domain, httpPort = 80, httpsPort = 443 } = config.ingress ?? {}
  const tls = tlsSettings(config)
  if (tls.kind === 'acme' && kind === 'nginx') {
    throw new DdalabError('CONFIG_INVALID', "nginx cannot fetch certificates from Let's Encrypt by itself", {
      hint: 'Set ingress.type to traefik or caddy, or give ssl.certPath and ssl.keyPath.',
    })
  }
  const scheme = tls.kind === 'off' ? 'http' : 'https'
  const [port, usual] = tls.kind === 'off' ? [httpPort, 80] : [httpsPort, 443]
  const named = domain === undefined || domain === 'localhost' ? {} : { domain }
  return {
    kind,
    ...named,
    httpPort,
    httpsPort,
    tls,
    scheme,
    url: `${scheme}://${urlHost(domain ?? 'localhost')}${port === usual ? '' : `:${port}`}`,
  }
}

/** An IPv6 address goes in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function tlsSettings({ ssl, ingress }: Config): Tls {
  if (ssl?.enabled !== true) return { kind: 'off' }
  const { letsEncrypt } = ssl
  if (letsEncrypt?.email === undefined) return { kind: 'files' }
  const domains = letsEncrypt.domains ?? (ingress?.domain === undefined ? [] : [ingress.domain])
  if (domains.length === 0) {
    throw new DdalabError('CONFIG_INVALID', "ssl.letsEncrypt needs a domain: Let's Encrypt has nothing to certify", {
      hint: 'Set ssl.letsEncrypt.domains or ingress.domain.',
    })
  }
  return { kind: 'acme', email: letsEncrypt.email, domains, staging: letsEncrypt.staging ?? false }
}

/** Whether the stack needs a certificate of ours: `given` is at the config's paths, `self-signed` is to be made once and kept. */
export type CertificateNeed =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly certPath: string; readonly keyPath: string }
  | { readonly kind: 'self-signed'; readonly domain: string }

export function certificateNeed(config: Config): CertificateNeed {
  if (tlsSettings(config).kind !== 'files') return { kind: 'none' }
  const { certPath, keyPath } = config.ssl ?? {}
  if (certPath !== undefined && keyPath !== undefined) return { kind: 'given', certPath, keyPath }
  return { kind: 'self-signed', domain: config.ingress?.domain ?? 'localhost' }
}
