import { describe, expect, test } from 'vitest'
import { INGRESS_KINDS, type IngressInput, ingressFiles, ingressService } from '../../src/core/stack/ingress/index.ts'

const input: IngressInput = {
  routes: [
    { hosts: ['lab.example.org'], pathPrefix: '/', stripPrefix: false, service: 'app', port: 3000 },
    { hosts: ['lab.example.org'], pathPrefix: '/api', stripPrefix: false, service: 'app', port: 8001 },
    { hosts: ['lab.example.org'], pathPrefix: '/web30', stripPrefix: true, service: 'app', port: 3001 },
    { entry: 'api', hosts: [], pathPrefix: '/', stripPrefix: false, service: 'app', port: 8001 },
  ],
  tls: { kind: 'files' },
  httpPort: 80,
  httpsPort: 443,
  entries: [{ name: 'api', port: 8001 }],
}
const plain: IngressInput = { ...input, tls: { kind: 'off' }, httpPort: 8080 }
const acme: IngressInput = {
  ...input,
  tls: { kind: 'acme', email: 'a@example.org', domains: ['lab.example.org', 'www.example.org'], staging: true },
}

const text = (...[kind, what, upstreams]: Parameters<typeof ingressFiles>) =>
  ingressFiles(kind, what, upstreams)
    .map(({ path, content }) => `--- ${path}\n${content}`)
    .join('')

describe.each(INGRESS_KINDS)('the files of %s', (kind) => {
  test('with TLS from files', () => {
    expect(text(kind, input)).toMatchSnapshot()
  })

  test('without TLS', () => {
    expect(text(kind, plain)).toMatchSnapshot()
    expect(text(kind, plain)).not.toContain('cert')
  })

  test('with traffic switched to certain containers: only the upstreams differ', () => {
    const switched = text(kind, input, { app: ['lab-app-1', 'lab-app-2'] })
    const removed = text(kind, input)
      .split('\n')
      .filter((line) => !switched.split('\n').includes(line))
    for (const host of ['lab-app-1', 'lab-app-2']) expect(switched).toMatch(new RegExp(`${host}(:8001|$)`, 'm'))
    expect(removed.filter((line) => !/^app$|app:\d+/.test(line))).toEqual([])
  })

  test('ask for TLS 1.2 at least', () => {
    expect(text(kind, input)).toMatch(/VersionTLS12|protocols tls1\.2 tls1\.3|ssl_protocols TLSv1\.2 TLSv1\.3/)
  })
})

describe.each(INGRESS_KINDS)('the service of %s', (kind) => {
  test('holds the ports of all entries, the same inside and outside', () => {
    const ports = ingressService(kind, input, '/srv/lab').ports.map(({ published, target }) => `${published}:${target}`)
    expect(ports).toEqual(['80:80', '443:443', '8001:8001'])
    expect(ingressService(kind, plain, '/srv/lab').ports.map(({ target }) => target)).toEqual([8080, 8001])
  })

  test('is made anew for another port, not for another route', () => {
    const other = { ...input, routes: input.routes.slice(1) }
    expect(ingressService(kind, other, '/srv/lab')).toEqual(ingressService(kind, input, '/srv/lab'))
  })

  test('reads its files from a folder, which it cannot change', () => {
    const [mount] = ingressService(kind, input, '/srv/lab').mounts
    expect(mount).toMatchObject({ type: 'bind', source: '/srv/lab/ingress', readOnly: true, createHostPath: false })
  })
})

test('Traefik is started with these flags', () => {
  expect(ingressService('traefik', input, '/srv/lab').command).toMatchSnapshot()
  const flags = ingressService('traefik', acme, '/srv/lab').command ?? []
  expect(flags.filter((flag) => flag.includes('acme'))).toMatchInlineSnapshot(`
    [
      "--certificatesResolvers.letsencrypt.acme.email=a@example.org",
      "--certificatesResolvers.letsencrypt.acme.storage=/data/acme.json",
      "--certificatesResolvers.letsencrypt.acme.httpChallenge.entryPoint=web",
      "--certificatesResolvers.letsencrypt.acme.caServer=https://acme-staging-v02.api.letsencrypt.org/directory",
    ]
  `)
})

test("with Let's Encrypt the certificates outlive the container", () => {
  for (const kind of ['traefik', 'caddy'] as const) {
    expect(ingressService(kind, acme, '/srv/lab').mounts[1]).toMatchObject({ type: 'volume', source: `${kind}-data` })
  }
  expect(text('traefik', acme)).toContain('certResolver: letsencrypt')
  expect(text('caddy', acme)).toContain('https://lab.example.org:443, https://www.example.org:443 {')
  expect(text('caddy', acme)).toContain('ca https://acme-staging-v02.api.letsencrypt.org/directory')
})

test('Traefik is told of a new certificate through the file that it watches', () => {
  const routes = (fingerprint: string) => text('traefik', { ...input, tls: { kind: 'files', fingerprint } })
  expect(routes('a')).not.toBe(routes('b'))
})
