import type { Port } from '../stack/model.ts'
import type { Context } from './context.ts'
import type { IngressKind } from './roles.ts'
import { joined, type Note, note, type Part, type Setting, type SourceService } from './source.ts'

/** Numbers that the settings of the environment have said, or that are the template's defaults. */
export interface AppPorts {
  readonly api: number
  readonly web: number
}

/** The ports of this machine on which the system answers, and the program that holds them. */
export function mapPorts(context: Context, app: AppPorts): Part {
  const { roles, template } = context
  const { ingress, main } = roles
  const front =
    ingress === undefined
      ? ofMain(main, app)
      : joined([ofIngress(ingress.service, ingress.kind, app), behindIngress(main, app), program(ingress)])
  const others = Object.entries(roles.services)
    .filter(([role]) => role !== template.main)
    .map(([role, service]) => ofOther(context, role, service))
  return joined([front, ...others])
}

/** The port through which HTTPS came in, or undefined. */
export function httpsPort({ ingress }: Context['roles']): Port | undefined {
  return ingress?.service.service.ports.find(({ target }) => target === 443 || target === 8443)
}

const TEMPLATE_INGRESS = 'only the ports of the ingress are published: HTTP, HTTPS and the API'

function ofIngress(service: SourceService, kind: IngressKind, app: AppPorts): Part {
  const { ports } = service.service
  // 8080 of Traefik is its dashboard.
  const http =
    ports.find(({ target }) => target === 80) ??
    (kind === 'traefik' ? undefined : ports.find(({ target }) => target === 8080))
  const https = ports.find(({ target }) => target === 443) ?? ports.find(({ target }) => target === 8443)
  return joined(
    ports.map((port, index) => {
      if (port === http) return published(service, port, index, 'ingress.httpPort')
      if (port === https) return published(service, port, index, 'ingress.httpsPort')
      if (port.target === app.api) return apiPort(service, port, index, app)
      return leftOut(service, port, index, TEMPLATE_INGRESS)
    }),
  )
}

/** Without an ingress the app's own ports are where people find it. */
function ofMain(service: SourceService, app: AppPorts): Part {
  return joined(
    service.service.ports.map((port, index) => {
      if (port.target === app.web) return published(service, port, index, 'ingress.httpPort')
      if (port.target === app.api) return apiPort(service, port, index, app)
      return leftOut(service, port, index, TEMPLATE_INGRESS)
    }),
  )
}

function behindIngress(service: SourceService, app: AppPorts): Part {
  return joined(
    service.service.ports.map((port, index) =>
      port.target === app.api ? apiPort(service, port, index, app) : leftOut(service, port, index, TEMPLATE_INGRESS),
    ),
  )
}

function apiPort(service: SourceService, port: Port, index: number, { api }: AppPorts): Part {
  if (port.published === String(api)) return { settings: [], notes: opened(service, port, index) }
  const why = `the API is published with the number that it has in its container, ${api}`
  return only(note('changed', portName(service, port), why, service.place('ports', index)))
}

function published(service: SourceService, port: Port, index: number, path: string): Part {
  const number = Number(port.published)
  if (!Number.isInteger(number)) return leftOut(service, port, index, 'the ingress has one fixed port for each purpose')
  return { settings: [{ path, value: number }], notes: opened(service, port, index) }
}

/** It listened at one address of this machine; the ingress listens at all. */
function opened(service: SourceService, { hostIp, ...port }: Port, index: number): readonly Note[] {
  if (hostIp === undefined || hostIp === '0.0.0.0' || hostIp === '::') return []
  const why = `it could be reached at ${hostIp} only; the ingress answers at every address of this machine`
  return [note('warning', portName(service, port), why, service.place('ports', index))]
}

/** The ports that the template publishes for its optional services, at one address for all of them. */
const MONITORING: { readonly [role: string]: string } = { prometheus: '9090', grafana: '3005' }

function ofOther({ roles }: Context, role: string, service: SourceService): Part {
  const open = Object.entries(MONITORING).every(([name, published]) =>
    roles.services[name]?.service.ports.some((port) => port.published === published),
  )
  return joined(
    service.service.ports.map((port, index) => {
      if (port.published === undefined || port.published !== MONITORING[role]) {
        return leftOut(service, port, index, `the template's ${role} is reached by the other services only`)
      }
      const path = 'parameters.MONITORING_ADDRESS'
      // What was closed must not be opened: the address is that of all of them.
      if (open) return { settings: [{ path, value: port.hostIp ?? '0.0.0.0' }], notes: [] }
      const why = `it answers at 127.0.0.1 only, with the other services of monitoring; ${path} is their address`
      return only(note('changed', portName(service, port), why, service.place('ports', index)))
    }),
  )
}

/** The program before the app stays the same, so that its image is there; its rules are ours. */
function program({ kind, service }: NonNullable<Context['roles']['ingress']>): Part {
  const { image, name } = service.service
  const settings: Setting[] = [{ path: 'ingress.type', value: kind }]
  if (kind === 'traefik' && !/:v?3(?:[.@-]|$)/.test(image)) {
    const why = "the template's Traefik is version 3, with another configuration"
    return { settings, notes: [note('changed', `image of ${name}`, why, service.place('image'))] }
  }
  return {
    settings: [...settings, ...(image === 'traefik:v3' ? [] : [{ path: `images.${kind}`, value: image }])],
    notes: [],
  }
}

function leftOut(service: SourceService, port: Port, index: number, why: string): Part {
  return only(note('left out', portName(service, port), why, service.place('ports', index)))
}

function portName({ service }: SourceService, { published: host, target }: Pick<Port, 'published' | 'target'>): string {
  return `port ${host === undefined ? '' : `${host}:`}${target} of ${service.name}`
}

const only = (...notes: readonly Note[]): Part => ({ settings: [], notes })
