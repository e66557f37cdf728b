import type { Service } from '../stack/model.ts'
import { parseReference } from '../stack/reference.ts'
import type { Template } from '../stack/template.ts'
import type { Source, SourceService } from './source.ts'

/** The programs that may stand before the app; a stack has one of them. */
const INGRESS = ['traefik', 'caddy', 'nginx'] as const
export type IngressKind = (typeof INGRESS)[number]

/** Which service of the source does the work of which one of the template. */
export interface Roles {
  /** By the template's name. The main service is always there. */
  readonly services: { readonly [role: string]: SourceService }
  readonly main: SourceService
  /** What takes requests from outside, when the source has such a service. */
  readonly ingress?: { readonly kind: IngressKind; readonly service: SourceService }
  /** Services that the template does not have. */
  readonly unknown: readonly SourceService[]
}

/** Undefined when no service of the source is what the template is about. */
export function rolesOf(
  source: Source,
  template: Template,
  wanted: { readonly [name: string]: Service },
): Roles | undefined {
  const all = Object.values(source.services)
  const main = findMain(all, template)
  if (main === undefined) return undefined
  const front = all.filter((one) => one !== main).find((one) => ingressKind(one) !== undefined && one.active)
  const kind = front && ingressKind(front)
  const left = all.filter((one) => one !== main && one !== front)
  const others = Object.entries(wanted)
    .filter(([role]) => role !== template.main)
    .flatMap(([role, service]) => {
      const found = left.find(({ service: { name } }) => name === role) ?? left.find((one) => sameProgram(one, service))
      return found === undefined ? [] : [[role, found] as const]
    })
  const services = { [template.main]: main, ...Object.fromEntries(others) }
  const known = new Set(Object.values(services))
  return {
    services,
    main,
    ...(front !== undefined && kind !== undefined && { ingress: { kind, service: front } }),
    unknown: left.filter((one) => !known.has(one)),
  }
}

/** By its name, its image, or the variables that only this program reads. */
function findMain(services: readonly SourceService[], { main }: Template): SourceService | undefined {
  const prefix = `${main.toUpperCase()}_`
  return (
    services.find(({ service: { name } }) => name === main) ??
    services.find(({ service }) => programOf(service).includes(main)) ??
    services.find(
      ({ service }) => Object.keys(service.environment).filter((name) => name.startsWith(prefix)).length > 2,
    )
  )
}

function ingressKind({ service }: SourceService): IngressKind | undefined {
  return INGRESS.find((kind) => service.name === kind || programOf(service) === kind)
}

function sameProgram({ service }: SourceService, wanted: Service): boolean {
  return programOf(service) === programOf(wanted)
}

/** The last part of an image's name: `postgres` of `docker.io/library/postgres:16`. */
function programOf({ image }: Service): string {
  return parseReference(image)?.repository.split('/').at(-1) ?? ''
}

/** Whether an image looks like the main service of the template by itself. */
export function looksLikeMain(image: string, { main }: Pick<Template, 'main'>): boolean {
  return (parseReference(image)?.repository.split('/').at(-1) ?? '').includes(main)
}

/** The names under which the others reach a service: its own, and what it is called besides. */
export function namesOf({ service }: SourceService): readonly string[] {
  const aliases = Object.values(service.networks).flatMap((network) => network.aliases)
  return [service.name, service.containerName, service.hostname, ...aliases].filter((name) => name !== undefined)
}
