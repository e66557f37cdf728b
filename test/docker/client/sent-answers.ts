import fc from 'fast-check'

/** How the end of a body is told. */
export type Framing =
  | { readonly kind: 'length' }
  | { readonly kind: 'chunks'; readonly sizes: readonly number[]; readonly extension: string; readonly trailer: string }
  | { readonly kind: 'until end' }

/** An answer as a server may send it. */
export interface Sent {
  readonly status: number
  readonly reason: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly framing: Framing
}

export const framings: fc.Arbitrary<Framing> = fc.oneof(
  fc.constant({ kind: 'length' } as const),
  fc.constant({ kind: 'until end' } as const),
  fc.record({
    kind: fc.constant('chunks' as const),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
    extension: fc.constantFrom('', ';name=value'),
    trailer: fc.constantFrom('', 'Docker-Trailer: late\r\n'),
  }),
)

/** Printable, and without space at its ends. */
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)

export const sent: fc.Arbitrary<Sent> = fc.record({
  status: fc.constantFrom(200, 201, 400, 404, 409, 500, 503),
  reason: fc.constantFrom('', 'OK', 'Not Found', 'Internal Server Error'),
  fields: fc.uniqueArray(fc.tuple(fc.stringMatching(/^X-[A-Za-z0-9-]{1,12}$/), value), {
    maxLength: 5,
    selector: ([name]) => name.toLowerCase(),
  }),
  body: fc.string({ unit: 'grapheme', maxLength: 200 }),
  framing: framings,
})

export function bytesOf({ status, reason, fields, body, framing }: Sent): Buffer {
  const bytes = Buffer.from(body)
  const end: { readonly [kind in Framing['kind']]: readonly string[] } = {
    length: [`content-length:${bytes.length}`],
    chunks: ['Transfer-Encoding: Chunked'],
    'until end': [],
  }
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    ...fields.map(([name, text]) => `${name}: ${text}`),
    ...end[framing.kind],
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return Buffer.concat([head, framing.kind === 'chunks' ? inChunks(bytes, framing) : bytes])
}

function inChunks(bytes: Buffer, { sizes, extension, trailer }: Extract<Framing, { kind: 'chunks' }>): Buffer {
  const parts: Buffer[] = []
  for (let at = 0, count = 0; at < bytes.length; count += 1) {
    const chunk = bytes.subarray(at, at + (sizes[count % sizes.length] ?? 1))
    parts.push(Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n'))
    at += chunk.length
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)])
}

/** The parts between the cuts, none of them empty. */
export function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...new Set([0, ...cuts.filter((at) => at < bytes.length), bytes.length])].sort((a, b) => a - b)
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}
