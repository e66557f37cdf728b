import fc from 'fast-check'

/** How people write YAML: a document's structure with the style of each part; `writeDocument` gives its text. */
export interface DocumentShape {
  readonly root: Shape & { readonly kind: 'map' }
  readonly eol: '\n' | '\r\n'
  readonly mark: boolean
  readonly head: readonly string[]
  readonly foot: readonly string[]
  readonly closed: boolean
}

type Shape =
  | { readonly kind: 'scalar'; readonly source: readonly string[]; readonly anchor: boolean }
  | { readonly kind: 'alias' }
  | { readonly kind: 'text'; readonly header: string; readonly lines: readonly string[] }
  | { readonly kind: 'map' | 'list'; readonly style: Style; readonly anchor: boolean; readonly parts: readonly Part[] }

interface Style {
  readonly flow: 'no' | 'line' | 'lines'
  /** The spaces of one level; 0 is possible for a list under a key. */
  readonly step: number
  /** A collection starts behind the dash of its item. */
  readonly compact: boolean
  readonly spaces: string
}

interface Part {
  readonly key: string
  readonly explicit: boolean
  readonly above: 'nothing' | 'blank' | 'comment' | 'blank and comment' | 'comment and blank'
  readonly behind: boolean
  /** A comment that stands deeper, below. */
  readonly below: boolean
  readonly value: Shape
}

/** Single-line sources that we write alike: after another value and back they are the same. */
export const CANONICAL = ['1', 'true', 'null', 'plain text', "'it''s'", '"a\\tb"', 'http://x:1/y', '10.0.0.1', "'é 世'"]
const SOURCES = [...CANONICAL, '0644', 'yes', '~', '', '!!str 5', '"\\u0041 \\x41"', '1_000', '.5', '-', "''", 'x:y#z']
const KEYS = ['a', 'b', 'c', 'key-1', '"quoted key"', "'it''s'", '1', 'yes', 'two words', 'é', '<<', '"a.b"', 'x:y']

const scalar = fc.record({
  kind: fc.constant('scalar' as const),
  source: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...SOURCES.filter((source) => source !== '-')).map((source) => [source]) },
    { weight: 1, arbitrary: fc.constantFrom(['"two', 'lines"'], ['two', 'plain lines']) },
  ),
  anchor: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

const text = fc.record({
  kind: fc.constant('text' as const),
  header: fc.constantFrom('|', '|-', '|+', '>', '>-', '>+'),
  lines: fc.array(fc.constantFrom('text', 'key: value', '# no comment', '', '  deeper', '- x'), { maxLength: 3 }),
})

const style = fc.record({
  flow: fc.constantFrom('no' as const, 'no' as const, 'no' as const, 'line' as const, 'lines' as const),
  step: fc.constantFrom(0, 2, 2, 3, 4),
  compact: fc.boolean(),
  spaces: fc.constantFrom(' ', ' ', '  '),
})

function part(value: fc.Arbitrary<Shape>): fc.Arbitrary<Part> {
  return fc.record({
    key: fc.constantFrom(...KEYS),
    explicit: fc.integer({ min: 0, max: 12 }).map((n) => n === 0),
    above: fc.constantFrom('nothing', 'nothing', 'blank', 'comment', 'blank and comment', 'comment and blank'),
    behind: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    below: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    value,
  })
}

function collection(kind: 'map' | 'list', value: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const parts =
    kind === 'map'
      ? fc.uniqueArray(part(value), { maxLength: 4, selector: ({ key }) => key })
      : fc.array(part(value), { maxLength: 4 })
  return fc.record({
    kind: fc.constant(kind),
    style,
    anchor: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    parts,
  })
}

const shape = fc.memo((depth): fc.Arbitrary<Shape> => {
  const leaves = [
    { weight: 8, arbitrary: scalar },
    { weight: 1, arbitrary: text },
    { weight: 1, arbitrary: fc.constant({ kind: 'alias' as const }) },
  ]
  if (depth <= 1) return fc.oneof(...leaves)
  const inner = shape(depth - 1)
  return fc.oneof(
    ...leaves,
    { weight: 5, arbitrary: collection('map', inner) },
    { weight: 4, arbitrary: collection('list', inner) },
  )
})

/** Any document with a section as its root. */
export const anyDocument: fc.Arbitrary<DocumentShape> = fc.record({
  root: fc.record({
    kind: fc.constant('map' as const),
    style: style.map((one) => ({ ...one, flow: 'no' as const, step: 0 })),
    anchor: fc.constant(false),
    parts: fc.uniqueArray(part(shape(3)), { minLength: 1, maxLength: 5, selector: ({ key }) => key }),
  }),
  eol: fc.constantFrom('\n' as const, '\r\n' as const),
  mark: fc.boolean(),
  head: fc.constantFrom([], ['# head', ''], ['---'], ['%YAML 1.2', '--- # start', '# head']),
  foot: fc.constantFrom([], [], ['# foot'], ['', '# foot', ''], ['...'], ['... # end', '# foot']),
  closed: fc.boolean(),
})

export function writeDocument({ root, eol, mark, head, foot, closed }: DocumentShape): string {
  const lines = [...head, ...new Writer().block(root, -1), ...foot]
  return `${mark ? '\uFEFF' : ''}${lines.join(eol)}${closed ? eol : ''}`
}

/** Numbers comments and anchors, so that each is found again. */
class Writer {
  #comments = 0
  #anchors = 0
  readonly #known: string[] = []

  /** The lines of a section or list whose parent's keys start at `column`. */
  block(shape: Shape & { readonly kind: 'map' | 'list' }, column: number): string[] {
    const { step } = shape.style
    const own = column < 0 ? 0 : column + (step === 0 && shape.kind === 'map' ? 2 : step)
    return this.#parts(shape, own)
  }

  #parts({ kind, parts }: Shape & { readonly kind: 'map' | 'list' }, column: number): string[] {
    const pad = ' '.repeat(column)
    return parts.flatMap((part) => {
      const above = part.above.split(' and ').flatMap((what) => {
        return what === 'blank' ? [''] : what === 'comment' ? [pad + this.#comment()] : []
      })
      const value =
        kind === 'list'
          ? this.#value('-', part, column, true)
          : part.explicit
            ? [
                `? ${part.key}`,
                ...this.#value(':', part, column, false).map((line, index) => (index === 0 ? pad : '') + line),
              ]
            : this.#value(`${part.key}:`, part, column, false)
      const isText = part.value.kind === 'text'
      const below = part.below && !isText && !endsInText(part.value) ? [`${pad}      ${this.#comment()}`] : []
      return [...above, ...value.map((line, index) => (index === 0 ? pad : '') + line), ...below]
    })
  }

  /** The lines of `before` and the value, the first one without its indentation. */
  #value(before: string, { value, behind }: Part, column: number, item: boolean): string[] {
    const comment = () => (behind ? ` ${this.#comment()}` : '')
    if (value.kind === 'text') return this.#text(`${before} ${value.header}${comment()}`, value, column)
    if (value.kind === 'map' || value.kind === 'list') {
      if (value.style.flow === 'no' && value.parts.length > 0)
        return this.#section(before, value, comment, column, item)
    }
    const inline = this.#inline(value, column)
    const [first = '', ...rest] = inline
    const lines = [first === '' ? before : `${before}${spacesOf(value)}${first}`, ...rest]
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${comment()}`]
  }

  #section(
    before: string,
    value: Shape & { readonly kind: 'map' | 'list' },
    comment: () => string,
    column: number,
    item: boolean,
  ): string[] {
    const anchor = value.anchor ? this.#anchor() : undefined
    const start = `${before}${anchor === undefined ? '' : ` &${anchor}`}${comment()}`
    const compact = item && anchor === undefined && value.style.compact && value.parts[0]?.above === 'nothing'
    const lines = compact ? this.#parts(value, column + 2) : this.block(withStep(value, item), column)
    if (anchor !== undefined) this.#known.push(anchor)
    const [first = '', ...rest] = lines
    return compact && start === before ? [`${before} ${first.trimStart()}`, ...rest] : [start, ...lines]
  }

  #text(start: string, { lines }: Shape & { readonly kind: 'text' }, column: number): string[] {
    const pad = ' '.repeat(column + 2)
    const first = lines.findIndex((line) => /^[^ ]/.test(line))
    const written = first === -1 ? [] : lines.slice(first)
    return [start, ...written.map((line) => (line === '' ? '' : pad + line))]
  }

  #inline(value: Exclude<Shape, { readonly kind: 'text' }>, column: number): string[] {
    if (value.kind === 'alias') return [this.#known.length === 0 ? 'x' : `*${this.#known.at(-1)}`]
    const anchor = value.anchor ? this.#anchor() : undefined
    const start = anchor === undefined ? '' : `&${anchor} `
    const lines = value.kind === 'scalar' ? [...value.source] : this.#flow(value, column)
    if (anchor !== undefined) this.#known.push(anchor)
    const pad = ' '.repeat(column + 4)
    return lines.map((line, index) =>
      index === 0 ? (start + line).trimEnd() : value.kind === 'scalar' ? pad + line : line,
    )
  }

  #flow({ kind, style, parts }: Shape & { readonly kind: 'map' | 'list' }, column: number): string[] {
    const [open, close] = kind === 'map' ? ['{', '}'] : ['[', ']']
    const items = parts.map(({ key, value }) => {
      const inner = value.kind === 'text' ? ["'text'"] : this.#inline(oneLine(value, kind), column)
      return `${kind === 'map' ? `${key}:${inner[0] === '' ? '' : ' '}` : ''}${inner.join(' ')}`
    })
    if (style.flow !== 'lines' || items.length === 0) return [`${open}${items.join(', ')}${close}`]
    const pad = ' '.repeat(column + 4)
    const last = parts.length - 1
    const lines = items.map((item, index) => {
      const comma = index < last || parts[index]?.explicit ? ',' : ''
      return `${pad}${item}${comma}${parts[index]?.behind ? ` ${this.#comment()}` : ''}`
    })
    const above = parts[0]?.above === 'comment' ? [`${pad}${this.#comment()}`] : []
    return [open, ...above, ...lines, `${' '.repeat(column + 2)}${close}`]
  }

  #comment(): string {
    return `# c${++this.#comments}.`
  }

  #anchor(): string {
    return `n${++this.#anchors}`
  }
}

function spacesOf(value: Shape): string {
  return value.kind === 'map' || value.kind === 'list' ? value.style.spaces : ' '
}

/** Behind a dash the dashes of a list must be deeper. */
function withStep(value: Shape & { readonly kind: 'map' | 'list' }, item: boolean) {
  return item && value.style.step === 0 ? { ...value, style: { ...value.style, step: 2 } } : value
}

/** As a part of brackets on one line; a list has no empty items. */
function oneLine(value: Exclude<Shape, { readonly kind: 'text' }>, within: 'map' | 'list') {
  if (value.kind === 'alias') return value
  if (value.kind === 'scalar') {
    const empty = within === 'list' && value.source[0] === ''
    return { ...value, source: [empty ? '~' : value.source.join(' ')] }
  }
  return { ...value, style: { ...value.style, flow: 'line' as const } }
}

function endsInText(value: Shape): boolean {
  if (value.kind === 'text') return true
  if (value.kind !== 'map' && value.kind !== 'list') return false
  const last = value.parts.at(-1)
  return value.style.flow === 'no' && last !== undefined && endsInText(last.value)
}
