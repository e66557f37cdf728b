import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { type Edit, editText } from '../../src/core/config/edit/index.ts'
import { parsePath } from '../../src/core/config/index.ts'
import { errorOf } from '../support/errors.ts'
import { SEED } from './support.ts'

/** Edits as `{'api.port': 1}`; undefined removes. */
type Wish = { readonly [path: string]: unknown }

function edit(text: string, wish: Wish): string {
  const edits: readonly Edit[] = Object.entries(wish).map(([path, value]) => ({ path: parsePath(path), value }))
  return editText(text, edits, 'config.yml')
}

type Row = readonly [name: string, before: string, wish: Wish, after: string]

/** Lines as they stand in a file. */
function lines(...parts: readonly string[]): string {
  return parts.map((part) => `${part}\n`).join('')
}

function holds(rows: readonly Row[]): void {
  it.each(rows)('%s', (_, before, wish, after) => {
    expect(edit(before, wish)).toBe(after)
    expect(edit(after, wish)).toBe(after)
  })
}

describe('a value is replaced', () => {
  holds([
    ['and the comment behind it stays', 'a:  1   # one\n', { a: 2 }, 'a:  2   # one\n'],
    ['in its single quotes', "a: 'x'\n", { a: "it's" }, "a: 'it''s'\n"],
    ['in its double quotes', 'a: "x"\n', { a: 'y' }, 'a: "y"\n'],
    ['plain', 'a: x\n', { a: 'http://h:1/p?q#f' }, 'a: http://h:1/p?q#f\n'],
    ['by what needs quotes', 'a: x\n', { a: 'b: c' }, "a: 'b: c'\n"],
    ['by what needs escapes', "a: 'x'\n", { a: 'b\tc\u2028\x7f' }, 'a: "b\\tc\\u2028\\u007f"\n'],
    ['by a number: no quotes', "a: '1'\n", { a: 1 }, 'a: 1\n'],
    ['by null', 'a: x # c\n', { a: null }, 'a: null # c\n'],
    ['where none was written', 'a: # c\nb:\n', { a: 1, b: 2 }, 'a: 1 # c\nb: 2\n'],
    ['that stands on the next line', 'a: # c\n  # d\n  x # e\n', { a: 1 }, 'a: # c\n  # d\n  1 # e\n'],
    ['that goes over many lines', 'a: "x\n  y" # c\nb: x\n  y\n', { a: 'z', b: 1 }, 'a: "z" # c\nb: 1\n'],
    ['that is a block of text', 'a: | # c\n  x\n\n  y\n\nb: 1\n', { a: 'z' }, 'a: z # c\n\nb: 1\n'],
    ['with its anchor and tag', 'a: &x !!str 1 # c\n', { a: 2 }, 'a: 2 # c\n'],
    ['of an explicit key', '? a\n: x # c\n? b\n', { a: 1, b: 2 }, '? a\n: 1 # c\n? b\n: 2\n'],
    ['in brackets', '{a: "x", b: [1, 2] , "c":1}\n', { a: 'y', 'b[1]': 3, c: 4 }, '{a: "y", b: [1, 3] , "c":4}\n'],
    ['in brackets, with a comma in it', 'a: [x, y]\n', { 'a[0]': 'p, q' }, "a: ['p, q', y]\n"],
    ['in brackets, where none was written', 'a: {b, c: , d: 1}\n', { 'a.b': 1, 'a.c': 2 }, 'a: {b: 1, c: 2 , d: 1}\n'],
    ['by many lines', 'a: x # c\nb: 1\n', { a: 'p\n\n  q\n' }, 'a: | # c\n  p\n\n    q\nb: 1\n'],
    ['by many lines without the last line end', 'a: x\n', { a: 'p\nq' }, 'a: |-\n  p\n  q\n'],
    ['by many lines that are no block', 'a: x\nb: y\n', { a: ' p\nq', b: 'p\n\n' }, 'a: " p\\nq"\nb: "p\\n\\n"\n'],
    ['by many lines above a comment', 'a: x\n  # c\n', { a: 'p\nq' }, 'a: "p\\nq"\n  # c\n'],
    [
      'by a section',
      'a: x # c\nb: 1\n',
      { a: { p: 1, q: [2, {}] } },
      'a: # c\n  p: 1\n  q:\n    - 2\n    - {}\nb: 1\n',
    ],
    ['instead of a section', 'a: # c\n  # d\n  p: 1 # e\n  # f\n\nb: 1\n', { a: 'x' }, 'a: x # c\n\nb: 1\n'],
    ['instead of an empty section', 'a: {} # c\n', { 'a.b.c': 1 }, 'a: # c\n  b:\n    c: 1\n'],
    ['in a list', 'a:\n- x # c\n-   y\n', { 'a[0]': 1, 'a[1]': { p: 1, q: 2 } }, 'a:\n- 1 # c\n-   p: 1\n    q: 2\n'],
  ])

  it.each([
    ...[
      '',
      ' x',
      'x ',
      '~',
      'null',
      'Null',
      'true',
      'yes',
      'No',
      'on',
      'OFF',
      'y',
      'n',
      '1',
      '-1',
      '+1',
      '0644',
      '0o7',
    ],
    ...[
      '0x1f',
      '0b1',
      '1_000',
      '1e3',
      '1.',
      '.5',
      '.inf',
      '-.INF',
      '.nan',
      '1:30',
      '12:30:45',
      '2024-01-31',
      '=',
      '<<',
    ],
    ...[
      '2001-12-14 21:59:43.10 -5',
      '- x',
      '-',
      '? x',
      ': x',
      ':',
      'x:',
      'a: b',
      'a #b',
      '#a',
      '&a',
      '*a',
      '!a',
      '|',
      '>',
    ],
    ...['%a', '@a', '`a', '"a', "'a", '{a', '[a', '}', ']', ',', '---', '...', '--- x'],
  ])('the text %j gets quotes, as other readers would take it for something else', (text) => {
    const after = edit('a: x\n', { a: text })
    expect(after).toBe(`a: '${text.replaceAll("'", "''")}'\n`)
    expect(parseDocument(after, 'config.yml').data).toEqual({ a: text })
  })

  it.each([
    'a-b',
    '-x',
    '--x',
    ':x',
    '10.0.0.1',
    '3.0.0',
    '512m',
    '8080:80',
    'a:b',
    'a#b',
    "it's",
    'é 世',
    'nope',
    '/a,b',
    'x=y',
  ])('the text %j stays plain', (text) => expect(edit('a: x\n', { a: text })).toBe(`a: ${text}\n`))
})

describe('a key is added', () => {
  holds([
    [
      'at the end of its section, indented like it',
      'a:\n   x: 1 # c\n   # d\nb: 2\n',
      { 'a.z': 3 },
      'a:\n   x: 1 # c\n   z: 3\n   # d\nb: 2\n',
    ],
    [
      'below what is commented out in the last section',
      'a:\n  x: 1\n  # y: 2\n\n# end\n',
      { b: 3 },
      'a:\n  x: 1\n  # y: 2\nb: 3\n\n# end\n',
    ],
    ['with a blank line where the others have one', 'a: 1\n\n# d\nb: 2\n', { c: 3 }, 'a: 1\n\n# d\nb: 2\n\nc: 3\n'],
    ['to a section without values', 'a: # c\n  # d\n\nb: 1\n', { 'a.x': 1 }, 'a: # c\n  # d\n  x: 1\n\nb: 1\n'],
    ['with its parents', 'a: 1', { 'b.c.d': [] }, 'a: 1\nb:\n  c:\n    d: []'],
    [
      'in the line ends of the file',
      '\uFEFFa: 1\r\n',
      { 'b.c': 'x\ny\n' },
      '\uFEFFa: 1\r\nb:\r\n  c: |\r\n    x\r\n    y\r\n',
    ],
    [
      'with the indentation of the file',
      'a:\n    b: 1\n',
      { 'c.d': [{ e: 1, f: 2 }] },
      'a:\n    b: 1\nc:\n    d:\n        - e: 1\n          f: 2\n',
    ],
    ['in brackets', 'a: {b: 1} # c\n', { 'a.x': 'p, q', 'a.z': { z: [1] } }, "a: {b: 1, x: 'p, q', z: {z: [1]}} # c\n"],
    [
      'in brackets over many lines',
      'a: {\n  b: 1, # c\n  d: 2 # e\n}\n',
      { 'a.f': 3 },
      'a: {\n  b: 1, # c\n  d: 2, # e\n  f: 3\n}\n',
    ],
    ['in brackets with a last comma', 'a: [\n  x,\n  y, # c\n]\n', { 'a[2]': 'z' }, 'a: [\n  x,\n  y, # c\n  z,\n]\n'],
    ['to an empty file', '', { 'a.b': 1 }, 'a:\n  b: 1\n'],
    ['to a file of comments', '# c\n\n# d', { a: 1 }, '# c\n\n# d\na: 1'],
    [
      'between the marks of a document',
      '%YAML 1.2\n--- # c\n# d\n...\n# e\n',
      { a: 1 },
      '%YAML 1.2\n--- # c\n# d\na: 1\n...\n# e\n',
    ],
    [
      'above what opens the secrets',
      'a: 1\n\n# c\nsops:\n  mac: x\n',
      { b: 2 },
      'a: 1\n\nb: 2\n\n# c\nsops:\n  mac: x\n',
    ],
    ['above what opens the secrets, without blank lines', 'a: 1\nsops: {}\n', { b: 2 }, 'a: 1\nb: 2\nsops: {}\n'],
    ['above what opens the secrets, in brackets', '{a: 1, sops: {}}\n', { b: 2 }, '{a: 1, b: 2, sops: {}}\n'],
    [
      'above what opens the secrets, below a block',
      'a: |+\n  x\n\nsops: {}\n',
      { b: 2 },
      'a: |+\n  x\n\nb: 2\nsops: {}\n',
    ],
    [
      'above what opens the secrets, for another',
      'a: 1\nb: 1\n\nsops: {}\n',
      { b: undefined, c: 2 },
      'a: 1\n\nc: 2\n\nsops: {}\n',
    ],
    ['last, where that is in the middle', 'sops: {}\na: 1\n', { b: 2 }, 'sops: {}\na: 1\nb: 2\n'],
    ['above the end of a document', '---\na: 1\n...\n', { b: 2 }, '---\na: 1\nb: 2\n...\n'],
    ['behind a text that keeps its blank lines', 'a: |+\n  x\n\n', { b: 1 }, 'a: |+\n  x\n\nb: 1\n'],
    ['behind one that goes', 'a: |+\n  x\nb: 1\n\nc: 1\n', { b: undefined, c: undefined, d: 1 }, 'a: |+\n  x\nd: 1\n'],
    ['that needs quotes', 'a: 1\n', { '"yes"': 1, '"b: c"': 2, '""': 3 }, "a: 1\n'yes': 1\n'b: c': 2\n'': 3\n"],
    [
      'to a section in a list',
      'a:\n  - x: 1\n  -\n    x: 2\n',
      { 'a[0].z': 1, 'a[1].z': 2 },
      'a:\n  - x: 1\n    z: 1\n  -\n    x: 2\n    z: 2\n',
    ],
    ['as an item', 'a:\n- x # c\n  # d\nb: 1\n', { 'a[1]': 'z' }, 'a:\n- x # c\n  # d\n- z\nb: 1\n'],
  ])

  it('also as the section of SOPS', () => {
    const sops = {
      age: [
        { recipient: 'age1x', enc: '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n' },
      ],
      lastmodified: '2024-01-31T12:00:00Z',
      mac: 'ENC[AES256_GCM,data:x/+=,iv:y=,tag:z==,type:str]',
      encrypted_regex: '^(?:password|secretKey)$',
    }
    expect(edit('a: 1\n', { sops })).toBe(
      lines(
        'a: 1',
        'sops:',
        '  age:',
        '    - recipient: age1x',
        '      enc: |',
        '        -----BEGIN AGE ENCRYPTED FILE-----',
        '        YWdl',
        '        -----END AGE ENCRYPTED FILE-----',
        "  lastmodified: '2024-01-31T12:00:00Z'",
        '  mac: ENC[AES256_GCM,data:x/+=,iv:y=,tag:z==,type:str]',
        '  encrypted_regex: ^(?:password|secretKey)$',
      ),
    )
  })
})

describe('a key is removed', () => {
  holds([
    [
      'with the comments directly above and behind',
      '# head\n\n# b\na: 1 # c\nb: 2\n',
      { a: undefined },
      '# head\n\nb: 2\n',
    ],
    [
      'but not with those after a blank line',
      'z: 0\n# x\n\n# b\na: 1\nb: 2\n',
      { a: undefined },
      'z: 0\n# x\n\nb: 2\n',
    ],
    [
      'but not with what the file begins with',
      '# yaml-language-server: $schema=x\na: 1\nb: 2\n',
      { a: undefined },
      '# yaml-language-server: $schema=x\nb: 2\n',
    ],
    ['with all of its section', 'a: 1\nb:\n  # c\n  d: 1\n\n  # e: 2\nf: 3\n', { b: undefined }, 'a: 1\nf: 3\n'],
    ['with one of two blank lines', 'a: 1\n\n# c\nb: 2\n\nd: 3\n', { b: undefined }, 'a: 1\n\nd: 3\n'],
    ['with the blank line above when it is the last', 'a: 1\n\nb: 2', { b: undefined }, 'a: 1'],
    [
      'as the last of its section, which stays',
      'a: # c\n  # d\n  b: 1\ne: 2\n',
      { 'a.b': undefined },
      'a: {} # c\ne: 2\n',
    ],
    ['as the last of the file', '# c\n\na: 1\n', { a: undefined }, '# c\n\n{}\n'],
    [
      'in brackets: first, middle, last',
      'x: {a: 1, b: 2}\ny: {a: 1, b: 2, c: 3}\nz: {a: 1, b: 2 }\n',
      { 'x.a': undefined, 'y.b': undefined, 'z.b': undefined },
      'x: {b: 2}\ny: {a: 1, c: 3}\nz: {a: 1 }\n',
    ],
    [
      'in brackets over many lines',
      'a: {\n  # b\n  b: 1, # c\n  d: 2, # e\n  f: 3 # g\n}\n',
      { 'a.b': undefined, 'a.f': undefined },
      'a: {\n  d: 2 # e\n}\n',
    ],
    ['of a text that keeps its blank lines', 'a: |+\n  x\nb: 1\n\nc: 2\n', { b: undefined }, 'a: |+\n  x\nc: 2\n'],
    [
      'of a text that keeps its blank lines, and of the section around it',
      's:\n  a: |+\n    x\n  b: 1\nt: 1\n\nu: 1\n',
      { 's.b': undefined, t: undefined },
      's:\n  a: |+\n    x\nu: 1\n',
    ],
    ['where none is', 'a: 1 # c\n', { b: undefined, 'c.d': undefined, 'a.b': undefined }, 'a: 1 # c\n'],
    ['and another one added', 'a: 1 # c\nb: 2\n', { b: undefined, c: 3 }, 'a: 1 # c\nc: 3\n'],
  ])

  it('as the first behind a dash, and the next one takes its place', () => {
    expect(edit('l:\n- a: 1 # c\n  b: 2\n', { 'l[0].a': undefined })).toBe('l:\n- b: 2\n')
    expect(edit('l:\n- a: 1\n  # d\n  b: 2\n', { 'l[0].a': undefined })).toBe('l:\n-\n  # d\n  b: 2\n')
  })

  it('as an item, and each comment stays with its own', () => {
    const before = 'a:\n  # x\n  - x # 1\n  # y\n  - y # 2\n  - z # 3\n'
    expect(edit(before, { 'a[0]': undefined })).toBe('a:\n  # y\n  - y # 2\n  - z # 3\n')
    expect(edit(before, { a: ['x', 'z'] })).toBe('a:\n  # x\n  - x # 1\n  - z # 3\n')
    expect(edit(before, { a: ['w', 'x', 'y', 'v', 'z'] })).toBe(
      'a:\n  - w\n  # x\n  - x # 1\n  # y\n  - y # 2\n  - v\n  - z # 3\n',
    )
  })
})

describe('lists as values', () => {
  holds([
    ['become another list: only what differs', 'n: [a, b , c] # c\n', { n: ['a', 'c', 'd'] }, 'n: [a, c, d] # c\n'],
    ['in front', 'n: [a, b]\n', { n: ['x', 'a', 'b'] }, 'n: [x, a, b]\n'],
    ['in the middle', 'n: [a, b]\n', { n: ['a', 'x', 'b'] }, 'n: [a, x, b]\n'],
    ['become empty', 'n: # c\n  - a # d\n', { n: [] }, 'n: [] # c\n'],
    ['become a section', 'n:\n- a\nm: 1\n', { n: { a: 1 } }, 'n:\n  a: 1\nm: 1\n'],
    ['of one pair', 'n: [a: 1, b]\n', { n: [{ a: 1, c: 2 }, 'b'] }, 'n: [{a: 1, c: 2}, b]\n'],
  ])
})

describe('aliases and anchors', () => {
  const text = lines('base: &base', '  port: 1', '  host: h', 'api: *base', 'list: [*base]', 'own: &own 5')

  it('an alias can be replaced or removed, and what has no alias be changed', () => {
    expect(edit(text, { api: 1, 'list[0]': 2, own: 6 })).toBe(
      lines('base: &base', '  port: 1', '  host: h', 'api: 1', 'list: [2]', 'own: 6'),
    )
    expect(edit(text, { api: undefined, list: undefined, base: undefined })).toBe(lines('own: &own 5'))
    expect(edit(text, { api: undefined, list: undefined, 'base.port': 2 })).toBe(
      lines('base: &base', '  port: 2', '  host: h', 'own: &own 5'),
    )
    expect(edit(text, { 'api.port': 1 })).toBe(text)
  })

  it.each<[string, Wish, number, RegExp]>([
    ['a change behind an alias', { 'api.port': 2 }, 4, /api is an alias/],
    ['a change of what an alias stands for', { 'base.port': 2 }, 4, /\*base stands for what would change/],
    ['a new key in what an alias stands for', { 'base.new': 2 }, 4, /\*base/],
    ['the removal of an anchor that is needed', { base: undefined }, 4, /\*base/],
    ['all of them but one', { base: undefined, api: undefined }, 5, /\*base/],
  ])('%s is refused, with the place and what to do', (_, wish, line, message) => {
    const error = errorOf(() => edit(text, wish))
    expect(error).toMatchObject({ code: 'CONFIG_UNEDITABLE', exit: 2 })
    expect(error.message).toMatch(message)
    expect(error.options.place).toMatchObject({ file: 'config.yml', line })
    expect(error.options.hint).toMatch(/anchor/)
  })

  it('<< is a key like any other: nothing is merged', () => {
    expect(edit('a: &a {x: 1}\nb:\n  <<: *a\n', { 'b.x': 2 })).toBe('a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n')
  })
})

describe('what does not fit is refused, and nothing is changed', () => {
  it.each<[string, Wish, RegExp]>([
    ['a: [1]\n', { 'a.b': 1 }, /a is a list; name an item, for example a\[0\]/],
    ['a: {b: 1}\n', { 'a[0]': 1 }, /a is not a list/],
    ['a: [1]\n', { 'a[3]': 1 }, /a has 1 items; the next one is \[1\]/],
    ['a: 1\n', { 'a.__proto__': 1 }, /__proto__ cannot be a key/],
    ['a: 1\n', { [`a${'.b'.repeat(40)}`]: 1 }, /At most 32 levels/],
    ['--- !!str x\n', { a: 1 }, /Remove the tag/],
    ['l: [? a: {b: 1}\n]\n', { 'l[0].c': 1 }, /Make the change with an editor/],
  ])('%j with %j', (text, wish, hint) => {
    const error = errorOf(() => edit(text, wish))
    expect(error.code).toBe('CONFIG_UNEDITABLE')
    expect(error.options.hint).toMatch(hint)
    expect(error.options.place?.file).toBe('config.yml')
  })

  it('one edit of several that does not fit: none is made', () => {
    expect(errorOf(() => edit('a: 1\nl: []\n', { a: 2, 'l.x': 1 })).code).toBe('CONFIG_UNEDITABLE')
  })

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1\n'],
    ['a key that is there twice', 'a: 1\na: 2\n'],
    ['an open bracket', 'a: [1\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['control characters', 'a: \0\n'],
    ['ten megabytes', 'a: 1\n'.repeat(2_000_000)],
    ['deep nesting', '['.repeat(100_000)],
    [
      'an alias bomb',
      `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i}]\n`).join('')}`,
    ],
    ['a value that has no colon', "? 's'a: 1\n"],
  ])('%s', (_, text) => {
    const error = errorOf(() => edit(text, { 'a.b': 1 }))
    expect(error.code).toBe('CONFIG_UNREADABLE')
    expect(error.options.hint ?? error.options.problems?.[0]?.hint).toBeTruthy()
  })
})

describe("seed 0's example", () => {
  it('changes by the lines that were meant, and back', () => {
    const changed = edit(SEED, { 'api.port': 9000, 'docker.networks': ['lab', 'ddalab-network'], 'api.tls': true })
    const differing = changed.split('\n').filter((line) => !SEED.split('\n').includes(line))
    expect(differing).toEqual(['  port: 9000', '  tls: true', '  networks: [lab, ddalab-network]'])
    expect(edit(changed, { 'api.port': 8001, 'docker.networks': ['ddalab-network'], 'api.tls': undefined })).toBe(SEED)
  })

  it('a hundred edits of ten thousand lines are one pass', () => {
    const sections = Array.from({ length: 2500 }, (_, i) => `s${i}:\n  a: 1 # c\n  b: 'x'\n  l: [1, 2]\n`)
    const wish = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`s${i * 25}.b`, `y${i}`]))
    const before = sections.join('')
    const after = edit(before, wish)
    const former = before.split('\n')
    const differing = after.split('\n').filter((line, index) => line !== former[index])
    expect(differing).toHaveLength(100)
  })
})
