import { dirname, join } from 'node:path'
import type { Context } from './context.ts'
import { httpsPort } from './ports.ts'
import { type Note, note, type Part, type Setting } from './source.ts'

/** What the pair is called in a folder of certificates. */
const PAIRS = [
  ['cert.pem', 'key.pem'],
  ['fullchain.pem', 'privkey.pem'],
  ['server.crt', 'server.key'],
] as const

/** TLS as it was: off, with a certificate from a folder, or from Let's Encrypt. `domain` is the one of the routes. */
export function mapTls(context: Context, domain: string | undefined): Part {
  const { ingress } = context.roles
  if (httpsPort(context.roles) === undefined) return { settings: [{ path: 'ssl.enabled', value: false }], notes: [] }
  const enabled: Setting = { path: 'ssl.enabled', value: true }
  const acme = ingress === undefined ? undefined : letsEncrypt(ingress.service.service.command ?? [], domain)
  if (acme !== undefined) {
    const why = 'the certificate is fetched anew'
    return {
      settings: [enabled, ...acme],
      notes: [note('changed', "the certificate of Let's Encrypt", why, ingress?.service.place('command'))],
    }
  }
  const pair = certificates(context)
  if (pair === undefined) return { settings: [enabled], notes: [selfSigned(context)] }
  const [certPath, keyPath] = pair
  return {
    settings: [enabled, { path: 'ssl.certPath', value: certPath }, { path: 'ssl.keyPath', value: keyPath }],
    notes: [],
  }
}

function letsEncrypt(command: readonly string[], domain: string | undefined): readonly Setting[] | undefined {
  const flag = (name: string) =>
    command
      .map((word) => new RegExp(`^--certificatesresolvers\\.[^.]+\\.acme\\.${name}=(.+)$`, 'i').exec(word)?.[1])
      .find((value) => value !== undefined)
  const email = flag('email')
  if (email === undefined || domain === undefined) return undefined
  return [
    { path: 'ssl.letsEncrypt.email', value: email },
    { path: 'ssl.letsEncrypt.domains', value: [domain] },
    ...(flag('caserver')?.includes('staging') === true ? [{ path: 'ssl.letsEncrypt.staging', value: true }] : []),
  ]
}

/** The pair, in a folder that is mounted or in `certs` beside the Compose file. It stays where it is. */
export function certificates({ source, roles, fileExists }: Context): readonly [string, string] | undefined {
  const services = [roles.ingress?.service, roles.main]
  const mounted = services.flatMap((one) =>
    (one?.service.mounts ?? []).flatMap((mount) =>
      mount.type === 'bind' ? [mount.source, dirname(mount.source)] : [],
    ),
  )
  const beside = source.workingDir === undefined ? [] : [join(source.workingDir, 'certs')]
  return [...mounted.filter((path) => /cert|ssl|tls/i.test(path)), ...beside]
    .flatMap((folder) => PAIRS.map(([certificate, key]) => [join(folder, certificate), join(folder, key)] as const))
    .find(([certificate, key]) => fileExists(certificate) && fileExists(key))
}

function selfSigned({ roles }: Context): Note {
  const why = 'no certificate was found in a folder; a self-signed one will be made, of which browsers warn'
  return note('warning', 'TLS', why, roles.ingress?.service.place('ports'))
}
