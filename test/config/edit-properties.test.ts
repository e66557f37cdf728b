import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { type Edit, editText } from '../../src/core/config/edit/index.ts'
import { getPath, isTree, type Path } from '../../src/core/config/path.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { anyDocument, CANONICAL, writeDocument } from './edit-documents.ts'
import { YAML_PIECES } from './support.ts'

const document = anyDocument.map(writeDocument)

const anyScalar = fc.oneof(
  fc.constantFrom(
    'x',
    'yes',
    'a: b',
    ' lead',
    '',
    'l1\nl2\n',
    'l1\nl2',
    '# c',
    '0644',
    null,
    true,
    1,
    -0,
    1e21,
    Number.NaN,
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ maxLength: 6 }),
  fc.double(),
)
const anyValue = fc.oneof(
  { weight: 3, arbitrary: anyScalar },
  { weight: 2, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [1, 'two'],
      { p: 1, q: { r: 'x\ny\n' } },
      [{ t: 1, u: [[2]] }, 's'],
      [['x'], {}],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
  },
)

/** Paths of all values of the data, and of some that could be added. */
function pathsOf(data: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(data))
    return [path, ...data.flatMap((item, index) => pathsOf(item, [...path, index])), [...path, data.length]]
  if (isTree(data)) {
    const inner = Object.entries(data).flatMap(([key, child]) => pathsOf(child, [...path, key]))
    return Object.hasOwn(data, 'new') ? [path, ...inner] : [path, ...inner, [...path, 'new'], [...path, 'new', 'deep']]
  }
  return data === null ? [path, [...path, 'new']] : [path]
}

/** The meaning of an edit, told once more and simply. */
function wished(data: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(data) && typeof step === 'number') {
    const next = wished(data[step], rest, value)
    return next === undefined ? data.toSpliced(step, 1) : data.toSpliced(step, 1, next)
  }
  const entries = new Map(Object.entries(isTree(data) ? data : {}))
  const absent = !entries.has(String(step))
  if (absent && value === undefined) return data
  const next = wished(entries.get(String(step)), rest, value)
  if (next === undefined) entries.delete(String(step))
  else entries.set(String(step), next)
  return Object.fromEntries(entries)
}

function dataOf(text: string): unknown {
  const { data, problems } = parseDocument(text, 'config.yml')
  expect(problems).toEqual([])
  return data
}

/** The new text; undefined where an alias forbids it, the only excuse. */
function edited(text: string, ...edits: readonly Edit[]): string | undefined {
  try {
    return editText(text, edits, 'config.yml')
  } catch (thrown) {
    if (thrown instanceof DdalabError && thrown.code === 'CONFIG_UNEDITABLE' && text.includes('*n')) return undefined
    throw thrown
  }
}

/** Lines with their ends; their number is the line in the sense of `locate` less one. */
function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/(?<=\n)/)
}

/** The lines of the text that belong to the value at the path, its comments above and what is below up to the next entry. */
function linesAt(text: string, path: Path): readonly [first: number, end: number] {
  const { locate, span, at } = parseDocument(text, 'config.yml')
  const lines = linesOf(text)
  const isRemark = (line: string | undefined) => line !== undefined && /^\s*(?:#|$)/.test(line)
  let first = firstLine(path)
  while (first > 0 && isRemark(lines[first - 1])) first--
  let end = lastLine(path) + 1
  while (isRemark(lines[end])) end++
  return path.length === 0 ? [0, lines.length] : [first, end]

  /** An item starts with its dash, below the item before it. */
  function firstLine(of: Path): number {
    const step = of.at(-1)
    const parent = of.slice(0, -1)
    if (typeof step !== 'number') return (locate(of, 'key').line ?? 1) - 1
    return step === 0 ? firstLine(parent) : lastLine([...parent, step - 1])
  }

  function lastLine(of: Path): number {
    const [start, end] = span(of)?.value ?? [0, 0]
    return (at(Math.max(start, end - 1)).line ?? 1) - 1
  }
}

/** The path of the smallest part of the document that an edit may rewrite. */
function ownerOf(text: string, path: Path, value: unknown): Path {
  const data = dataOf(text)
  const parent = path.slice(0, -1)
  const { span, text: source } = parseDocument(text, 'config.yml')
  const section = getPath(data, parent)
  const [start = 0] = span(parent)?.value ?? []
  const isBlock = parent.length === 0 || !/^[[{]/.test(source.slice(start))
  const size = Array.isArray(section) ? section.length : isTree(section) ? Object.keys(section).length : 0
  if (getPath(data, path) === undefined) return isBlock && size > 0 ? path : ownerOf(text, parent, value)
  // After the first entry behind a dash the next one takes its place.
  const isFirst =
    path.at(-1) === 0 || (typeof path.at(-1) === 'string' && /[^\s]/.test(lineBefore(source, span(path)?.key ?? 0)))
  if (value === undefined && path.length > 0 && (!isBlock || size === 1 || isFirst)) return ownerOf(text, parent, value)
  return path
}

/** What is on the line of the offset before it, without the mark of an explicit key. */
function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).replace(/^ *\? $/, '')
}

describe('an edit of any document', () => {
  const cases = fc.tuple(document, fc.nat(), anyValue).map(([text, pick, value]) => {
    const paths = pathsOf(dataOf(text)).slice(1)
    return { text, path: paths[pick % paths.length] ?? [], value }
  })

  it('gives the wished data, or is refused because of an alias', () => {
    fc.assert(
      fc.property(cases, ({ text, path, value }) => {
        const after = edited(text, { path, value })
        if (after !== undefined) expect(dataOf(after)).toEqual(wished(dataOf(text), path, value))
      }),
      { numRuns: 1500 },
    )
  })

  it('leaves all lines before and after what it concerns as they are, to the byte', () => {
    fc.assert(
      fc.property(cases, ({ text, path, value }) => {
        const list = getPath(dataOf(text), path.slice(0, -1))
        // Of equal items any may go.
        if (Array.isArray(list) && new Set(list.map((item) => JSON.stringify(item))).size < list.length) return
        const after = edited(text, { path, value })
        if (after === undefined) return
        const before = linesOf(text)
        const owner = ownerOf(text, path, value)
        const isNew = getPath(dataOf(text), owner) === undefined
        // A new entry comes below the lines of its section.
        const [start, end] = linesAt(text, isNew ? owner.slice(0, -1) : owner)
        const rest = before.slice(end).join('')
        expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
        // A file whose last line has no end keeps that, whichever line is its last.
        const isLast = end === before.length && !/\n$/.test(text)
        const above = (text: readonly string[]) => text.slice(0, start).join('')
        expect(isLast ? above(linesOf(after)).trimEnd() : above(linesOf(after))).toBe(
          isLast ? above(before).trimEnd() : above(before),
        )
        expect(after.endsWith(rest) || after.endsWith(rest.trimEnd())).toBe(true)
        if (isNew && value !== undefined) {
          const left = linesOf(after)
          for (const line of before) expect(left.some((other) => other.trimEnd() === line.trimEnd())).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('adds a setting above what opens the secrets, and makes room when several things change', () => {
    const sealed = fc.record({
      shape: anyDocument,
      gap: fc.constantFrom('', '\n', '\n# c\n'),
      pick: fc.nat(),
      value: anyValue,
    })
    fc.assert(
      fc.property(sealed, ({ shape, gap, pick, value }) => {
        const text = `${writeDocument({ ...shape, foot: [], closed: true, eol: '\n' })}${gap}sops:\n  mac: x\n`
        // Blank lines and comments may be a part of the text above.
        if (Object.keys(Object(dataOf(text))).at(-1) !== 'sops') return
        const paths = pathsOf(dataOf(text)).filter(([first]) => first !== undefined && first !== 'sops')
        const gone = paths[pick % paths.length] ?? []
        for (const edits of [
          [{ path: ['new'], value }],
          [
            { path: gone, value: undefined },
            { path: ['new'], value },
          ],
        ]) {
          const after = edited(text, ...edits)
          if (after === undefined) continue
          const keys = Object.keys(Object(dataOf(after)))
          // A block that keeps the blank lines below it would take in what comes there.
          if (/[|>]\d?\+/.test(text)) expect(keys.slice(-2)).toContain('sops')
          else expect(keys.at(-1)).toBe('sops')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps every comment when it adds something, or puts one scalar in the place of another', () => {
    fc.assert(
      fc.property(cases, ({ text, path, value }) => {
        const present = getPath(dataOf(text), path)
        const isScalar = (data: unknown) => data === undefined || data === null || typeof data !== 'object'
        if (value === undefined || !isScalar(present)) return
        const after = edited(text, { path, value })
        if (after === undefined) return
        const parent = getPath(dataOf(text), path.slice(0, -1))
        const comments = text.match(/# c\d+\./g) ?? []
        if (isTree(parent) || Array.isArray(parent)) expect(after.match(/# c\d+\./g) ?? []).toEqual(comments)
      }),
      { numRuns: 1500 },
    )
  })

  it('that sets what is there changes nothing, nor does the same edit again', () => {
    fc.assert(
      fc.property(cases, ({ text, path, value }) => {
        const present = getPath(dataOf(text), path)
        expect(edited(text, { path, value: present })).toBe(text)
        const after = edited(text, { path, value })
        const there = after === undefined ? undefined : getPath(dataOf(after), path)
        if (after !== undefined && value !== undefined) expect(edited(after, { path, value: there })).toBe(after)
      }),
      { numRuns: 500 },
    )
  })

  it('and the edit back give the former bytes, where the value was written as we write it', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.boolean(), (text, pick, retyped) => {
        const { data, span, text: source } = parseDocument(text, 'config.yml')
        const paths = pathsOf(data).filter((path) => {
          const [start, end] = span(path)?.value ?? [0, 0]
          const plain = !/[&!]\S*\s*$/.test(source.slice(Math.max(0, start - 40), start))
          return plain && CANONICAL.includes(source.slice(start, end)) && path.length > 0
        })
        const path = paths[pick % paths.length]
        if (path === undefined) return
        const former = getPath(data, path)
        const isQuoted = /^['"]/.test(source.slice(span(path)?.value[0]))
        const value = typeof former !== 'string' ? 7 : isQuoted ? 'a: b' : retyped ? 7 : 'other'
        const after = edited(text, { path, value })
        if (after !== undefined) expect(edited(after, { path, value: former })).toBe(text)
      }),
      { numRuns: 1500 },
    )
  })

  it('that adds a key to a section with keys is taken back by removing it', () => {
    fc.assert(
      fc.property(document, fc.nat(), anyValue, (text, pick, value) => {
        const data = dataOf(text)
        const paths = pathsOf(data).filter((path) => {
          const section = getPath(data, path.slice(0, -1))
          return path.at(-1) === 'new' && isTree(section) && Object.keys(section).length > 0
        })
        const path = paths[pick % paths.length]
        if (path === undefined || value === undefined) return
        const after = edited(text, { path, value })
        if (after !== undefined) expect(edited(after, { path, value: undefined })).toBe(text)
      }),
      { numRuns: 1500 },
    )
  })

  it('is one of several: together they mean what they mean one after the other', () => {
    fc.assert(
      fc.property(document, fc.array(fc.tuple(fc.nat(), anyValue), { maxLength: 6 }), (text, picks) => {
        const data = dataOf(text)
        const edits: Edit[] = []
        let goal = data
        for (const [pick, value] of picks) {
          const paths = pathsOf(goal).slice(1)
          const path = paths[pick % paths.length]
          if (path === undefined) continue
          edits.push({ path, value })
          goal = wished(goal, path, value)
        }
        const after = edited(text, ...edits)
        if (after !== undefined) expect(dataOf(after)).toEqual(goal)
      }),
      { numRuns: 1500 },
    )
  })
})

describe('whatever the text holds', () => {
  const pieces = [
    ...YAML_PIECES,
    ...['a: ', 'b: ', 'c:\n', 'x: 1\n', '    ', ', ', '&b ', '*b ', '!!str ', '!!map ', '"q"', "'s'"],
    ...['|+\n', '|-\n', '>\n', '# c\n', ' # d\n', 'text', '"a\\n"'],
    ...['d: {e: 1, f: [x, y]}\n', 'l:\n  - x\n  - y: 1\n'],
    ...['n:\n  m:\n    k: v # eol\n  # deep\n', 's: |\n  text\n\n', 'k: |+\n  text\n\n'],
  ]
  const anyText = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )

  it('the outcome is the wished data, or an error with place and remedy; never a bug, never something else', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.tuple(fc.nat(), anyValue), { minLength: 1, maxLength: 3 }), (text, picks) => {
        try {
          const paths = pathsOf(parseDocument(text, 'config.yml').data)
          const edits = picks.map(([pick, value]) => ({ path: paths[pick % paths.length] ?? [], value }))
          dataOf(editText(text, edits, 'config.yml'))
        } catch (thrown) {
          if (!(thrown instanceof DdalabError)) throw thrown
          expect(['CONFIG_UNREADABLE', 'CONFIG_UNEDITABLE']).toContain(thrown.code)
          expect((thrown.options.problems?.[0] ?? thrown.options).place?.file).toBe('config.yml')
          expect((thrown.options.problems?.[0] ?? thrown.options).hint).toBeTruthy()
        }
      }),
      { numRuns: 4000 },
    )
  })
})
