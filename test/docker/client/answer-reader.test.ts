import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answer, AnswerReader, BadAnswer } from '../../../src/core/providers/docker/client/answer-reader.ts'
import { bytesOf, cutAt, framings, type Sent, sent } from './sent-answers.ts'

/** The answer in these bytes, which come in these parts; undefined: they end before it does. */
function read(bytes: Buffer, cuts: readonly number[] = []): Answer | undefined {
  const reader = new AnswerReader()
  for (const part of cutAt(bytes, cuts)) {
    const answer = reader.take(part)
    if (answer !== undefined) return answer
  }
  return reader.end()
}

const head = (...lines: readonly string[]) => Buffer.from(['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n'))

describe('an answer of HTTP/1.1', () => {
  it('is the same however it is framed, and wherever its stream is cut', () => {
    fc.assert(
      fc.property(sent, fc.array(fc.nat({ max: 600 }), { maxLength: 12 }), (answer: Sent, cuts) => {
        const { status, reason, headers, text, keepsOpen } = read(bytesOf(answer), cuts) ?? {}
        expect({ status, reason, text }).toEqual({ status: answer.status, reason: answer.reason, text: answer.body })
        for (const [name, value] of answer.fields) expect(headers?.get(name.toLowerCase())).toBe(value)
        expect(keepsOpen).toBe(answer.framing.kind !== 'until end')
      }),
      { numRuns: 500 },
    )
  })

  it('is not there before its last byte', () => {
    fc.assert(
      fc.property(sent, framings, fc.nat(), (answer, framing, at) => {
        fc.pre(framing.kind !== 'until end')
        const bytes = bytesOf({ ...answer, framing })
        expect(read(bytes.subarray(0, at % bytes.length))).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  it('joins characters that the stream or a chunk cuts in two', () => {
    const bytes = Buffer.from('Zürich ✔')
    const chunks = [...bytes].map((byte) => Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]))
    const chunked = Buffer.concat([head('Transfer-Encoding: chunked'), ...chunks, Buffer.from('0\r\n\r\n')])
    expect(read(chunked)?.text).toBe('Zürich ✔')
    const plain = Buffer.concat([head(`Content-Length: ${bytes.length}`), bytes])
    expect(read(plain, [...plain.keys()])?.text).toBe('Zürich ✔')
  })

  it.each([
    ['a protocol before HTTP/1.1', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK'],
    ['a connection that is to be closed', 'HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 2\r\n\r\nOK'],
    ['more than the answer', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOKHTTP'],
  ])('leaves no connection for another request: %s', (_why, text) => {
    expect(read(Buffer.from(text))).toMatchObject({ text: 'OK', keepsOpen: false })
  })

  it('keeps a connection of HTTP/1.0 whose other end wants that', () => {
    const text = 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nOK'
    expect(read(Buffer.from(text))?.keepsOpen).toBe(true)
  })

  it('has no body where its status allows none, and is not what is told ahead of it', () => {
    const text = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n'
    expect(read(Buffer.from(text))).toMatchObject({ status: 304, text: '', keepsOpen: true })
  })

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['another version', 'HTTP/2 200\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n'],
    ['no header', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
    ['a header with a space in its name', 'HTTP/1.1 200 OK\r\nContent Length: 2\r\n\r\n'],
    ['no length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nOK'],
    ['another encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['no length of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOKOK\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(50_000)}`],
  ])('is refused: %s', (_what, text) => {
    expect(() => read(Buffer.from(text))).toThrow(BadAnswer)
  })
})
