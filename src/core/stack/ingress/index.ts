/** The way in from outside: one interface, three programs behind it. */
import { join } from 'node:path'
import type { GeneratedFile, Service, StackIngress } from '../model.ts'
import { plainService, ROTATED_LOGS } from '../service-defaults.ts'
import { caddy } from './caddy.ts'
import { CERTIFICATE, type IngressInput, type IngressKind, KEY, MOUNT, type Upstreams } from './ingress.ts'
import { nginx } from './nginx.ts'
import { traefik } from './traefik.ts'

export type { Entry, IngressInput, Tls, Upstreams } from './ingress.ts'
export { type CertificateNeed, certificateNeed, type IngressSettings, ingressSettings, urlHost } from './settings.ts'

/** Folder in the instance directory that is mounted into the ingress. */
const DIRECTORY = 'ingress'

const KINDS: { readonly [Kind in StackIngress['kind']]: IngressKind } = { traefik, caddy, nginx }

export const INGRESS_KINDS: readonly StackIngress['kind'][] = ['traefik', 'caddy', 'nginx']

/** The service that holds the ports of the stack, named by its kind. */
export function ingressService(kind: StackIngress['kind'], input: IngressInput, workingDir: string): Service {
  const { image, command, healthTest, volumes } = KINDS[kind].service(input)
  const secure = input.tls.kind !== 'off'
  const ports = [input.httpPort, ...(secure ? [input.httpsPort] : []), ...input.entries.map(({ port }) => port)]
  const behind = [...new Set(input.routes.map(({ service }) => service))]
  return {
    ...plainService(kind, image),
    command,
    ports: ports.map((port) => ({ target: port, published: String(port), protocol: 'tcp', mode: 'ingress' })),
    mounts: [
      {
        type: 'bind',
        source: join(workingDir, DIRECTORY),
        target: MOUNT,
        readOnly: true,
        createHostPath: false,
      },
      ...Object.entries(volumes).map(([source, target]) => ({
        type: 'volume' as const,
        source,
        target,
        readOnly: false,
        noCopy: false,
      })),
    ],
    // Not "healthy": the way in may be ready before what is behind it.
    dependsOn: Object.fromEntries(
      behind.map((name) => [name, { condition: 'service_started' as const, restart: false, required: true }]),
    ),
    healthcheck: {
      test: healthTest,
      interval: 10_000,
      timeout: 5000,
      retries: 3,
      startPeriod: 30_000,
      startInterval: 1000,
    },
    restart: 'unless-stopped',
    logging: ROTATED_LOGS,
  }
}

/** The routes as files of the instance directory; written anew, with other upstreams, to switch traffic. Pure. */
export function ingressFiles(
  kind: StackIngress['kind'],
  input: IngressInput,
  upstreams: Upstreams = {},
  former: Upstreams = {},
): readonly GeneratedFile[] {
  return Object.entries(KINDS[kind].files(input, upstreams, former)).map(([name, content]) =>
    file(kind, name, content, false),
  )
}

/** The certificate and its key as files of the instance directory. */
export function certificateFiles(
  kind: StackIngress['kind'],
  pair: { readonly certificate: string; readonly key: string },
): readonly GeneratedFile[] {
  return [file(kind, CERTIFICATE, pair.certificate, false), file(kind, KEY, pair.key, true)]
}

/** What makes an ingress take up these changed files of its: a command run inside it, none where it watches them, null for nothing. */
export function reloadFor(kind: StackIngress['kind'], paths: readonly string[]): readonly string[] | null {
  const { reload = [], isLive = () => false } = KINDS[kind]
  return paths.every((path) => isLive(path.slice(DIRECTORY.length + 1))) ? null : reload
}

export function reloadCommand(kind: StackIngress['kind']): readonly string[] | undefined {
  return KINDS[kind].reload
}

function file(kind: StackIngress['kind'], name: string, content: string, secret: boolean): GeneratedFile {
  return { path: `${DIRECTORY}/${name}`, content, secret, services: [kind], reloadable: true }
}
