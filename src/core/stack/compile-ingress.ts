import { createHash } from 'node:crypto'
import { DdalabError } from '../errors.ts'
import type { CertificatePair } from './certificate.ts'
import {
  certificateFiles,
  type IngressInput,
  type IngressSettings,
  ingressFiles,
  ingressService,
  reloadCommand,
} from './ingress/index.ts'
import { describeFailure, interpolate, type Lookup } from './interpolate.ts'
import type { GeneratedFile, Route, Service, StackIngress } from './model.ts'
import type { Template, TemplateIngress } from './template.ts'

/** What an ingress adds to a stack. */
export interface IngressParts {
  readonly service: Service
  readonly files: readonly GeneratedFile[]
  readonly ingress: StackIngress
}

/** The ingress for a template's routes. Errors: TEMPLATE_INVALID for a port that is none, CONFIG_INVALID for one port twice. */
export function compileIngress(
  template: Template,
  routes: TemplateIngress,
  settings: IngressSettings,
  { workingDir, certificate }: { readonly workingDir: string; readonly certificate?: CertificatePair },
  lookup: Lookup,
): IngressParts {
  const { kind, httpPort, httpsPort } = settings
  const port = (text: string): number => portOf(text, lookup, template.name)
  const input: IngressInput = {
    routes: routes.routes.map((route): Route => {
      const hosts = route.entry === undefined && settings.domain !== undefined ? [settings.domain] : []
      return {
        ...(route.entry !== undefined && { entry: route.entry }),
        hosts,
        pathPrefix: route.path,
        stripPrefix: route.strip,
        service: route.service,
        port: port(route.port),
      }
    }),
    tls: withFingerprint(settings.tls, certificate),
    httpPort,
    httpsPort,
    entries: routes.entries.map((entry) => ({ name: entry.name, port: port(entry.port) })),
  }
  checkPorts(input)
  const reload = reloadCommand(kind)
  const certificates =
    certificate !== undefined && settings.tls.kind === 'files' ? certificateFiles(kind, certificate) : []
  return {
    service: ingressService(kind, input, workingDir),
    files: [...ingressFiles(kind, input), ...certificates],
    ingress: { kind, service: kind, input, url: settings.url, ...(reload !== undefined && { reload }) },
  }
}

/** A port written as a number or with variables. Errors: TEMPLATE_INVALID. */
export function portOf(text: string, lookup: Lookup, template: string): number {
  const result = interpolate(text, lookup)
  const port = 'value' in result && /^\d{1,5}$/.test(result.value) ? Number(result.value) : 0
  if (port >= 1 && port <= 65_535) return port
  const why = 'failure' in result ? describeFailure(result.failure).message : 'it is no port'
  throw new DdalabError('TEMPLATE_INVALID', `The port ${text} in template.yml of ${template}: ${why}`, {
    hint: 'Give a number from 1 to 65535, or a parameter that is one.',
  })
}

function withFingerprint(
  tls: IngressSettings['tls'],
  certificate: CertificatePair | undefined,
): IngressSettings['tls'] {
  if (tls.kind !== 'files' || certificate === undefined) return tls
  return { kind: 'files', fingerprint: createHash('sha256').update(certificate.certificate).digest('hex').slice(0, 16) }
}

function checkPorts({ tls, httpPort, httpsPort, entries }: IngressInput): void {
  const ports = [httpPort, ...(tls.kind === 'off' ? [] : [httpsPort]), ...entries.map(({ port }) => port)]
  const twice = ports.find((port, index) => ports.indexOf(port) !== index)
  if (twice === undefined) return
  throw new DdalabError('CONFIG_INVALID', `The ingress would listen on port ${twice} for two things`, {
    hint: 'Give ingress.httpPort, ingress.httpsPort and api.port different numbers.',
  })
}
