import type { Port } from '../model.ts'
import type { Cursor } from './cursor.ts'

const SHORT =
  /^(?:(?<host>\[[^\]]*\]|[^:]*):)?(?:(?<published>[0-9]*(?:-[0-9]+)?):)?(?<target>[0-9]+(?:-[0-9]+)?)(?:\/(?<protocol>[a-z]+))?$/i
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const

/** `ports`, short and long form; a range in the container becomes one entry for each port. */
export function readPorts(cursor: Cursor): readonly Port[] {
  return cursor.items().flatMap((item) => (item.isMap ? readLong(item) : readShort(item)))
}

/** Ports of the container that are not published: `8080` or `8080/udp`, ranges included. */
export function readExpose(cursor: Cursor): readonly string[] {
  return cursor.items().flatMap((item) => {
    const text = item.text()
    if (text === undefined) return []
    const [, from = '', to = from, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/([a-z]+))?$/.exec(text) ?? []
    if (from === '') {
      item.expected('a port, such as 8080 or 8080/udp')
      return []
    }
    return range(Number(from), Number(to)).map((port) => `${port}/${protocol}`)
  })
}

function readLong(item: Cursor): readonly Port[] {
  item.onlyKeys(['name', 'target', 'published', 'host_ip', 'protocol', 'app_protocol', 'mode'])
  const target = item.get('target').integer()
  if (target === undefined) {
    if (!item.get('target').present) item.expected('a port with a target')
    return []
  }
  const published = item.get('published').text()
  if (published !== undefined && published !== '' && !/^\d+(?:-\d+)?$/.test(published)) {
    item.get('published').expected('a port or a range such as 8000-8010')
  }
  const hostIp = item.get('host_ip').text()
  const port: Port = {
    target,
    ...(published !== undefined && published !== '' && { published }),
    ...(hostIp !== undefined && hostIp !== '' && { hostIp }),
    protocol: item.get('protocol').oneOf(PROTOCOLS) ?? 'tcp',
    mode: item.get('mode').oneOf(['ingress', 'host']) ?? 'ingress',
  }
  return inBounds(item, [port])
}

function readShort(item: Cursor): readonly Port[] {
  const text = item.text()
  if (text === undefined) return []
  const parts = splitShort(text)
  const protocol = PROTOCOLS.find((word) => word === (parts?.protocol ?? 'tcp').toLowerCase())
  if (parts === undefined || protocol === undefined) {
    item.expected('a port as in 80, 8080:80, 127.0.0.1:8080:80 or 53:53/udp')
    return []
  }
  const targets = bounds(parts.target)
  const published = parts.published === '' ? undefined : bounds(parts.published)
  const common = { ...(parts.hostIp !== '' && { hostIp: parts.hostIp }), protocol, mode: 'ingress' as const }
  if (published === undefined)
    return inBounds(
      item,
      targets.map((target) => ({ target, ...common })),
    )
  const [target] = targets
  if (target !== undefined && targets.length === 1) {
    return inBounds(item, [{ target, published: parts.published, ...common }])
  }
  if (targets.length !== published.length) {
    item.error(`${item.name} has ranges of different length`, 'Give both sides as many ports.')
    return []
  }
  return inBounds(
    item,
    targets.map((port, index) => ({ target: port, published: String(published[index]), ...common })),
  )
}

interface Short {
  readonly hostIp: string
  readonly published: string
  readonly target: string
  readonly protocol: string | undefined
}

function splitShort(text: string): Short | undefined {
  const groups = SHORT.exec(text)?.groups
  if (groups === undefined) return undefined
  const { host, published, target = '', protocol } = groups
  // With one colon only, what stands before it is the published port.
  if (host !== undefined && published === undefined) {
    return /^\d+(?:-\d+)?$/.test(host) ? { hostIp: '', published: host, target, protocol } : undefined
  }
  return { hostIp: (host ?? '').replace(/^\[(.*)\]$/, '$1'), published: published ?? '', target, protocol }
}

function bounds(text: string): readonly number[] {
  const [from = 0, to = from] = text.split('-').map(Number)
  return range(from, to)
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.min(Math.max(to - from + 1, 0), 65_536) }, (_, index) => from + index)
}

function inBounds(item: Cursor, ports: readonly Port[]): readonly Port[] {
  const numbers = ports.flatMap(({ target, published }) => [target, ...(published?.split('-').map(Number) ?? [])])
  if (ports.length > 0 && numbers.every((number) => number >= 0 && number <= 65_535)) return ports
  item.expected('ports from 1 to 65535')
  return []
}
