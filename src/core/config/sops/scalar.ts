import type { ValueType } from './ciphertext.ts'

export type Scalar = string | number | boolean

/** A value as SOPS encrypts it. */
export interface Plaintext {
  readonly type: ValueType
  readonly bytes: Buffer
}

/** What we encrypt for a value that we have read. */
export function plaintextOf(value: Scalar): Plaintext {
  switch (typeof value) {
    case 'boolean':
      return { type: 'bool', bytes: Buffer.from(booleanText(value)) }
    case 'number':
      return { type: Number.isInteger(value) ? 'int' : 'float', bytes: Buffer.from(floatText(value)) }
    case 'string':
      return { type: 'str', bytes: Buffer.from(value) }
  }
}

/** The value of a decrypted plaintext; undefined when it is none of its type. */
export function scalarOf({ type, bytes }: Plaintext): Scalar | undefined {
  const text = bytes.toString('utf8')
  switch (type) {
    case 'str':
    case 'bytes':
    case 'time':
      return text
    case 'int':
      return /^[-+]?\d+$/.test(text) ? Number(text) : undefined
    case 'float': {
      const value = NOT_FINITE[text] ?? Number(text)
      return text.trim() === '' || (Number.isNaN(value) && text !== 'NaN') ? undefined : value
    }
    case 'bool':
      return /^(?:1|t|true)$/i.test(text) ? true : /^(?:0|f|false)$/i.test(text) ? false : undefined
    case 'comment':
      return undefined
  }
}

/** The bytes of a decrypted value in the MAC: of numbers and truth values not as they were written, but as SOPS prints them. */
export function macBytes({ type, bytes }: Plaintext): Buffer {
  const value = scalarOf({ type, bytes })
  if (type === 'int') return Buffer.from(BigInt(bytes.toString().replace(/^\+/, '')).toString())
  return typeof value === 'number' || typeof value === 'boolean' ? plaintextOf(value).bytes : bytes
}

const NOT_FINITE: { readonly [text: string]: number } = { '+Inf': Infinity, '-Inf': -Infinity, NaN: Number.NaN }
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|\s+)(\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?\s*(Z|[-+]\d\d:\d\d)?)?$/

/**
 * The bytes of a value that stands in plain text in the MAC. SOPS reads YAML with another library (gopkg.in/yaml.v3), for
 * which a plain `0644` is octal, `1_000` a number and `2024-01-02` a time: so the text as written decides.
 */
export function macBytesOfPlain(value: Scalar, written: string | undefined): Buffer {
  if (typeof value === 'boolean') return Buffer.from(booleanText(value))
  const plain = written ?? (typeof value === 'number' ? String(value) : undefined)
  if (typeof value === 'string' && plain !== value) return Buffer.from(value)
  return Buffer.from(timeText(plain ?? '') ?? numberText(plain ?? '') ?? valueText(value))
}

function valueText(value: string | number): string {
  return typeof value === 'string' ? value : floatText(value)
}

function numberText(written: string): string | undefined {
  const text = /^[-+\d]/.test(written) ? written.replaceAll('_', '') : written
  if (INTEGER.test(text)) {
    const digits = text.replace(/^[-+]/, '').replace(/^0(?=[0-7]+$)/, '0o')
    const integer = BigInt(digits.toLowerCase()) * (text.startsWith('-') ? -1n : 1n)
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return integer.toString()
  }
  return FLOAT.test(text) ? floatText(Number(text)) : undefined
}

function timeText(written: string): string | undefined {
  const [match, year, month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = 'Z'] =
    TIMESTAMP.exec(written) ?? []
  if (match === undefined) return undefined
  const two = (digits: string) => digits.padStart(2, '0')
  const rest = fraction.replace(/0+$/, '')
  const offset = /^[-+]00:00$/.test(zone) ? 'Z' : zone
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${rest && `.${rest}`}${offset}`
}

function booleanText(value: boolean): string {
  return value ? 'True' : 'False'
}

/** The shortest decimal text that reads as the same number, without exponent. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [, sign = '', whole = '', part = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? []
  if (exponent === undefined) return Object.is(value, -0) ? '-0' : String(value)
  const digits = whole + part
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return point >= digits.length
    ? `${sign}${digits.padEnd(point, '0')}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}
