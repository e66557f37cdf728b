import { isIP } from 'node:net'
import * as z from 'zod'

/**
 * The kinds of values of the config. Every kind says in its error text what it expects, so that a message can be put
 * together as "<path> must be <text>" without showing the value, which may be a secret.
 */
const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?'
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$`)

// The grammar of https://github.com/distribution/reference: [domain[:port]/]path[:tag][@digest].
const DOMAIN = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?'
const PATH_PART = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const IMAGE = new RegExp(`^(?:${DOMAIN}/)?${PATH_PART}(?:/${PATH_PART})*(?::${TAG})?(?:@${DIGEST})?$`)

function matching(pattern: RegExp, expected: string) {
  return z.string(expected).regex(pattern, expected)
}

export function text() {
  return z.string('a text').min(1, 'a text that is not empty')
}

export function flag() {
  return z.boolean('true or false')
}

export function whole(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const upTo = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} upwards` : `${minimum} to ${maximum}`
  const expected = `a whole number from ${upTo}`
  return z.int(expected).min(minimum, expected).max(maximum, expected)
}

export function port() {
  const expected = 'a port, a whole number from 1 to 65535'
  return z.int(expected).min(1, expected).max(65_535, expected)
}

/** A host name, a service name or an IP address; no scheme, no port. */
export function host() {
  const expected = 'a host name or an IP address, without scheme and port'
  return matching(HOST, expected).refine((value) => !isFalseAddress(value), expected)
}

/** A colon makes it IPv6, digits in the last label make it IPv4 (RFC 1123 section 2.1): then it must really be one. */
function isFalseAddress(value: string): boolean {
  return (value.includes(':') || /(?:^|\.)[0-9]+$/.test(value)) && isIP(value) === 0
}

/** An absolute URL of one of these schemes, without user and password in it. */
export function url(schemes: readonly string[]) {
  const expected = `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, without user and password`
  return z.string(expected).refine((value) => isUrl(value, schemes), expected)
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  const parsed = URL.parse(value)
  if (parsed === null || /\s/.test(value)) return false
  return (
    schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`)) &&
    parsed.hostname !== '' &&
    parsed.username === '' &&
    parsed.password === ''
  )
}

/** An https URL (http with this machine itself), or a path on it. */
export function addressOrPath() {
  const expected = 'a URL that starts with https://, without user and password, or a path'
  const isAddress = (value: string) => /^[a-z][a-z+.-]+:\/\//i.test(value)
  return z
    .string(expected)
    .min(1, expected)
    .refine((value) => !isAddress(value) || isUrl(value, ['https']) || isLocalUrl(value), expected)
}

function isLocalUrl(value: string): boolean {
  return isUrl(value, ['http']) && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(URL.parse(value)?.hostname ?? '')
}

/** As in the second line of a `minisign.pub`. */
export function minisignKey() {
  return matching(/^RW[A-Za-z0-9+/]{54}$/, 'a minisign public key, the line that begins with RW')
}

/** A public key in PEM, such as the content of a `cosign.pub`. */
export function publicKey() {
  return matching(
    /^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/,
    'a public key in PEM, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----',
  )
}

export function imageReference() {
  return matching(IMAGE, 'an image reference such as registry.example.org/name:tag, the name in lower case')
}

export function email() {
  return matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')
}

/** A path inside a container. */
export function containerPath() {
  return matching(/^\//, 'an absolute path inside the container, starting with /')
}

/** A number of bytes, or a text such as `512m` or `2g` as Compose takes it. */
export function size() {
  const expected = 'a size such as 512m or 2g'
  return z.union([matching(/^\d+(?:\.\d+)?(?:b|[kmg]b?)?$/i, expected), z.int().positive()], expected)
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `one of ${values.join(', ')}`)
}

export function serviceName() {
  return matching(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a service name: letters, digits, dots, dashes, underscores')
}

/** The name of a volume on the host, as Docker takes it, or an absolute path. */
export function volumeName() {
  return matching(
    /^(?:[A-Za-z0-9][A-Za-z0-9_.-]+|\/.*|[A-Za-z]:[\\/].*)$/,
    'the name of a volume (letters, digits, dots, dashes, underscores) or an absolute path of the host',
  )
}

/** The name of an environment variable or of a template's parameter. */
export function variableName() {
  return matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name: letters, digits, underscores, no digit at the start')
}

/** The value of an environment variable. */
export function variableValue() {
  return z.union([z.string(), z.number(), z.boolean()], 'a text, a number, or true or false')
}

export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item, 'a list')
}

export function table<Key extends z.ZodString, Value extends z.ZodType>(key: Key, value: Value) {
  return z.record(key, value, 'a section: names and values below it')
}

/** A section in which every key may be left out and no unknown one may be. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, 'a section: keys and values below it').partial()
}
