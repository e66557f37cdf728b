import type { Context } from './context.ts'
import { type Note, note, type Part, type SourceService } from './source.ts'

const HOST = /Host(?:SNI)?\(([^)]*)\)/gi
const PATH = /Path(?:Prefix)?\(([^)]*)\)/gi
/** What a rule may hold besides hosts and paths. */
const JOINTS = /^[\s()&|]*$/
/** Parts of a router that the template's own routes have as well. */
const ORDINARY = /^(?:enable|docker\.network|http\.routers\.[^.]+\.(?:entrypoints|service|priority|tls(?:\..+)?))$/i

/** The labels of the main service: the domain is taken out of Traefik's rules; whatever the template's routes do not do is told. */
export function mapRoutes({ roles, template }: Context): Part {
  const { main } = roles
  const labels = Object.entries(main.service.labels)
  const routes = template.ingress?.routes ?? []
  const known = new Set(routes.map(({ path }) => path))
  const stripped = routes.filter(({ strip }) => strip).map(({ path }) => path)
  const harmless = new Set(
    labels.flatMap(([name, value]) => {
      const middleware = /^traefik\.http\.middlewares\.([^.]+)\.(.+)$/i.exec(name)
      const [, id = '', kind = ''] = middleware ?? []
      return isTemplates(kind, value, stripped) ? [id] : []
    }),
  )
  const hosts = new Set<string>()
  const notes: Note[] = []
  for (const [name, value] of labels) {
    const own = /^traefik\.(.*)$/i.exec(name)?.[1]
    const kind = own === undefined ? undefined : kindOf(own)
    if (own === undefined) notes.push(plainLabel(main, name))
    else if (kind === 'rule') {
      for (const host of texts(value, HOST)) hosts.add(host)
      if (!isKnownRule(value, known)) notes.push(handMade(main, name, 'the template has no such route'))
    } else if (kind === 'middlewares') {
      const named = value.split(',').map((one) => one.trim().replace(/@.*$/, ''))
      if (named.some((one) => !harmless.has(one))) notes.push(guard(main, name))
    } else if (kind === 'middleware') {
      const id = /^http\.middlewares\.([^.]+)/i.exec(own)?.[1] ?? ''
      if (!harmless.has(id)) notes.push(guard(main, name))
    } else if (kind === 'other') notes.push(handMade(main, name, 'the routes of the template do not do this'))
  }
  const [domain, ...others] = hosts
  if (others.length > 0) {
    notes.push(
      note('left out', `hosts ${others.join(', ')}`, `an instance has one domain, ${domain}`, main.place('labels')),
    )
  }
  return { settings: domain === undefined ? [] : [{ path: 'ingress.domain', value: domain }], notes }
}

type Kind = 'rule' | 'middlewares' | 'middleware' | 'ordinary' | 'other'

function kindOf(label: string): Kind {
  if (/^http\.routers\.[^.]+\.rule$/i.test(label)) return 'rule'
  if (/^http\.routers\.[^.]+\.middlewares$/i.test(label)) return 'middlewares'
  if (/^http\.middlewares\./i.test(label)) return 'middleware'
  if (/^http\.services\.[^.]+\.loadbalancer\.server\.(?:port|scheme)$/i.test(label)) return 'ordinary'
  return ORDINARY.test(label) ? 'ordinary' : 'other'
}

/** A middleware that the template brings: a prefix that its routes strip, the way from HTTP to HTTPS. */
function isTemplates(kind: string, value: string, stripped: readonly string[]): boolean {
  if (/^redirectscheme\./i.test(kind)) return true
  if (!/^stripprefix\.prefixes$/i.test(kind)) return false
  return value.split(',').every((prefix) => stripped.includes(prefix.trim()))
}

function isKnownRule(rule: string, known: ReadonlySet<string>): boolean {
  const rest = rule.replace(HOST, '').replace(PATH, '')
  return JOINTS.test(rest) && texts(rule, PATH).every((path) => known.has(path.replace(/\/+$/, '') || '/'))
}

/** The texts in the parentheses of each match: `Host(`a`, `b`)` has two. */
function texts(rule: string, pattern: RegExp): readonly string[] {
  return [...rule.matchAll(pattern)].flatMap(([, inner = '']) =>
    inner
      .split(',')
      .map((one) => one.trim().replace(/^[`'"]|[`'"]$/g, ''))
      .filter((one) => one !== ''),
  )
}

function handMade(main: SourceService, name: string, why: string): Note {
  return note('left out', `label ${name} of ${main.service.name}`, why, main.place('labels', name))
}

/** A middleware may have kept somebody out. */
function guard(main: SourceService, name: string): Note {
  const why = 'the template has no middlewares: what this one kept out or added is so no longer'
  return note('warning', `label ${name} of ${main.service.name}`, why, main.place('labels', name))
}

function plainLabel(main: SourceService, name: string): Note {
  return note(
    'left out',
    `label ${name} of ${main.service.name}`,
    'labels are not carried over',
    main.place('labels', name),
  )
}
