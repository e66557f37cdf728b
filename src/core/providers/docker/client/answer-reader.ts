/** A whole answer of HTTP/1.1 (RFC 9112). */
export interface Answer {
  readonly status: number
  /** What stands beside the status: `Not Found`. */
  readonly reason: string
  /** By their names in small letters; of several with one name all, with `, ` between. */
  readonly headers: ReadonlyMap<string, string>
  /** UTF-8. */
  readonly text: string
  /** Whether the connection takes another request. */
  readonly keepsOpen: boolean
}

/** What is no HTTP, or none that may follow on a GET. */
export class BadAnswer extends Error {
  readonly code = 'HPE_INVALID_ANSWER'
}

type Head = Omit<Answer, 'text' | 'keepsOpen'> & { readonly version: string }

/** Where in the answer its next byte is. */
type Place = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'whole'

const STATUS_LINE = /^HTTP\/(1\.[01]) (\d{3})(?: ([^\r\n]*))?$/
const FIELD = /^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*?)[ \t]*$/
const CHUNK_SIZE = /^([\da-f]{1,12})[ \t]*(?:;|$)/i
/** Bytes of a head or of another line: what is longer is nothing that an engine says. */
const LONGEST = 256 * 1024
const NOTHING: Buffer = Buffer.alloc(0)

/** Reads one answer to a GET out of the parts of a stream, however it is cut. */
export class AnswerReader {
  #place: Place = 'head'
  /** What came and is not read yet: the beginning of a head or of a line. */
  #rest = NOTHING
  #head: Head | undefined
  readonly #body: Buffer[] = []
  /** Bytes of the body, or of the chunk, that are still to come; Infinity: until the connection ends. */
  #missing = 0

  /** Gives the answer once its last byte is there. Throws BadAnswer. */
  take(part: Buffer): Answer | undefined {
    this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part])
    while (this.#place !== 'whole' && this.#step()) {}
    return this.#place === 'whole' ? this.#answer() : undefined
  }

  /** Gives the answer that the end of its connection has made whole; undefined: it was cut short. */
  end(): Answer | undefined {
    return this.#place === 'body' && this.#missing === Number.POSITIVE_INFINITY ? this.#answer() : undefined
  }

  /** Whether it read on. */
  #step(): boolean {
    switch (this.#place) {
      case 'head':
        return this.#read('\r\n\r\n', (text) => this.#begin(headOf(text)))
      case 'body':
        return this.#readBody('whole')
      case 'chunk-size':
        return this.#read('\r\n', (line) => {
          const size = CHUNK_SIZE.exec(line)?.[1]
          if (size === undefined) throw new BadAnswer(`no length of a chunk: ${JSON.stringify(line.slice(0, 80))}`)
          this.#missing = Number.parseInt(size, 16)
          this.#place = this.#missing === 0 ? 'trailer' : 'chunk'
        })
      case 'chunk':
        return this.#readBody('chunk-end')
      case 'chunk-end':
        return this.#read('\r\n', (line) => {
          if (line !== '') throw new BadAnswer('a chunk is longer than it says')
          this.#place = 'chunk-size'
        })
      case 'trailer':
        return this.#read('\r\n', (line) => {
          if (line === '') this.#place = 'whole'
        })
      case 'whole':
        return false
    }
  }

  /** Takes what stands before the mark. */
  #read(mark: string, take: (text: string) => void): boolean {
    const end = this.#rest.indexOf(mark)
    if (end > LONGEST || (end < 0 && this.#rest.length > LONGEST)) throw new BadAnswer('a line without an end')
    if (end < 0) return false
    const text = this.#rest.toString('latin1', 0, end)
    this.#rest = this.#rest.subarray(end + mark.length)
    take(text)
    return true
  }

  #readBody(next: Place): boolean {
    const bytes = this.#rest.subarray(0, this.#missing)
    this.#rest = this.#rest.subarray(bytes.length)
    this.#missing -= bytes.length
    if (bytes.length > 0) this.#body.push(bytes)
    if (this.#missing > 0) return false
    this.#place = next
    return true
  }

  #begin(head: Head): void {
    const { status } = head
    if (status === 101) throw new BadAnswer('another protocol, which nobody asked for')
    // Told ahead of the answer.
    if (status < 200) return
    this.#head = head
    if (status === 204 || status === 304) {
      this.#place = 'whole'
    } else if (head.headers.has('transfer-encoding')) {
      const encoding = head.headers.get('transfer-encoding')
      if (encoding?.toLowerCase() !== 'chunked') throw new BadAnswer(`a body as ${encoding}`)
      this.#place = 'chunk-size'
    } else {
      this.#missing = lengthOf(head.headers.get('content-length'))
      this.#place = 'body'
    }
  }

  #answer(): Answer {
    if (this.#head === undefined) throw new BadAnswer('a body without a head')
    const { version, ...head } = this.#head
    const [only = NOTHING, ...more] = this.#body
    const connection = head.headers.get('connection')?.toLowerCase() ?? (version === '1.1' ? '' : 'close')
    return {
      ...head,
      text: (more.length === 0 ? only : Buffer.concat(this.#body)).toString(),
      keepsOpen: this.#place === 'whole' && this.#rest.length === 0 && !/\bclose\b/.test(connection),
    }
  }
}

function headOf(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n')
  const [, version, status, reason = ''] = STATUS_LINE.exec(first) ?? []
  if (version === undefined) throw new BadAnswer(`no HTTP: ${JSON.stringify(first.slice(0, 80))}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, field = '', value = ''] = FIELD.exec(line) ?? []
    if (field === '') throw new BadAnswer(`no header: ${JSON.stringify(line.slice(0, 80))}`)
    const name = field.toLowerCase()
    const former = headers.get(name)
    headers.set(name, former === undefined ? value : `${former}, ${value}`)
  }
  return { version, status: Number(status), reason, headers }
}

function lengthOf(said: string | undefined): number {
  if (said === undefined) return Number.POSITIVE_INFINITY
  if (!/^\d{1,15}$/.test(said)) throw new BadAnswer(`no length: ${JSON.stringify(said.slice(0, 80))}`)
  return Number(said)
}
