/** ASN.1 values in DER (X.690): as much as an X.509 certificate needs. */
export type Der = Buffer

export function sequence(...parts: readonly Der[]): Der {
  return encode(0x30, Buffer.concat(parts))
}

export function set(...parts: readonly Der[]): Der {
  return encode(0x31, Buffer.concat(parts))
}

/** An integer of big-endian bytes in two's complement. */
export function integer(bytes: Buffer): Der {
  return encode(0x02, bytes)
}

export function octetString(bytes: Buffer): Der {
  return encode(0x04, bytes)
}

/** Whole bytes: no unused bits. */
export function bitString(bytes: Buffer): Der {
  return encode(0x03, Buffer.concat([Buffer.from([0]), bytes]))
}

export function utf8(text: string): Der {
  return encode(0x0c, Buffer.from(text, 'utf8'))
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Der {
  const text = `${date.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`
  return date.getUTCFullYear() < 2050 ? encode(0x17, Buffer.from(text.slice(2))) : encode(0x18, Buffer.from(text))
}

export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, inner: Der): Der {
  return encode(0xa0 | number, inner)
}

/** `[number] IMPLICIT` of a primitive value. */
export function tagged(number: number, bytes: Buffer): Der {
  return encode(0x80 | number, bytes)
}

function encode(tag: number, content: Buffer): Der {
  const { length } = content
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content])
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}
