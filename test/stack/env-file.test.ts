import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatEnvLine, parseEnvFile } from '../../src/core/stack/env-file.ts'
import { compose, composeConfig, environmentOf, withFiles } from './compose-oracle.ts'

const parse = (text: string, outside: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(parseEnvFile(text, { file: '.env', lookup: (name) => outside[name] }))

/** Every rule of the format, and the six keys on which the `dotenv` package differs. */
const document = [
  '# a comment',
  'PLAIN=value',
  '  INDENTED = spaced  ',
  'export EXPORTED=yes',
  'YAML: style',
  'EMPTY=',
  'HASH=x#y',
  'COMMENT=x # y',
  "SINGLE='a $PLAIN # b'",
  'DOUBLE="a $PLAIN # b"  # trailing',
  'ESCAPES="tab\\tnewline\\nquote\\"dollar\\$back\\\\ octal\\0101 no\\q"',
  "SINGLE_ESCAPE='it\\'s \\n \\\\'",
  'TAB=\\t${PLAIN}',
  'NESTED=${PLAIN}-${NOPE-def}-${NOPE:-${PLAIN}}',
  'DOLLARS=$$PLAIN',
  'MULTI="line 1',
  'line 2"',
  "MULTI_SINGLE='line 1",
  "line 2'",
  'DOTTED.name-x=1',
  'OUTSIDE',
  'UNKNOWN_OUTSIDE',
  'LATER=${PLAIN}',
  'PLAIN=second',
  'UNICODE=ü€😀',
].join('\n')

describe('env file', () => {
  test('is read by the rules of Compose', () => {
    expect(parse(document, { OUTSIDE: 'from outside' })).toMatchInlineSnapshot(`
      {
        "COMMENT": "x",
        "DOLLARS": "$PLAIN",
        "DOTTED.name-x": "1",
        "DOUBLE": "a value # b",
        "EMPTY": "",
        "ESCAPES": "tab	newline
      quote"dollar$back\\ octalA no\\q",
        "EXPORTED": "yes",
        "HASH": "x#y",
        "INDENTED": "spaced",
        "LATER": "value",
        "MULTI": "line 1
      line 2",
        "MULTI_SINGLE": "line 1
      line 2",
        "NESTED": "value-def-value",
        "OUTSIDE": "from outside",
        "PLAIN": "second",
        "SINGLE": "a $PLAIN # b",
        "SINGLE_ESCAPE": "it's \\n \\\\",
        "TAB": "\\tvalue",
        "UNICODE": "ü€😀",
        "YAML": "style",
      }
    `)
  })

  test('a byte order mark and CRLF are no part of the values', () => {
    expect(parse('\uFEFFA=1\r\nB="x\r\ny"\r\n')).toEqual({ A: '1', B: 'x\ny' })
  })

  test.each([
    ['A=1\nB C=2', 2, 'contains a space'],
    ['A=1\n\n%=2', 3, 'unexpected character'],
    ['A="open\nB=1', 1, 'not closed'],
    ['A=1\nB=${A', 2, 'invalid interpolation format'],
    ['\nB=${NOPE:?please}', 2, 'required variable NOPE is missing a value: please'],
  ])('%j is refused with its line', (text, line, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        options: expect.objectContaining({ place: { file: '.env', line } }),
      }),
    )
  })

  test.each([
    ['plain/1.2:x', 'N=plain/1.2:x\n'],
    ['with space', "N='with space'\n"],
    ['a$b#c"d', "N='a$b#c\"d'\n"],
    ["it's $5", 'N="it\'s $$5"\n'],
    ['C:\\dir', 'N="C:\\\\dir"\n'],
    ['two\nlines', "N='two\nlines'\n"],
  ])('%j is written with the least quoting', (value, line) => {
    expect(formatEnvLine('N', value)).toBe(line)
  })

  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(parse(`A='x'\n${formatEnvLine('N', value)}${formatEnvLine('M', value)}`)).toEqual({
          A: 'x',
          N: value,
          M: value,
        })
      }),
      { numRuns: 1000 },
    )
  })

  describe.skipIf(compose === '')('as the Compose binary', () => {
    const read = (env: string, names: readonly string[], outside: Readonly<Record<string, string>> = {}) =>
      withFiles(
        {
          '.env': env,
          'compose.yml': JSON.stringify({
            services: {
              web: { image: 'x', environment: Object.fromEntries(names.map((name) => [name, `\${${name}}`])) },
            },
          }),
        },
        (directory) => environmentOf(composeConfig(directory, outside), 'web'),
      )

    test('every rule means the same', () => {
      const outside = { OUTSIDE: 'from outside' }
      const ours = parse(document, outside)
      delete ours['DOTTED.name-x']
      expect(ours).toEqual(read(document, Object.keys(ours), outside))
    })

    test('any value that we write comes back as it was', () => {
      const special = fc.array(
        fc.constantFrom("'", '"', '\\', '$', '{', '}', '\n', '\r', '#', ' ', 'a', '\t', 'n', '0', '=', 'é', '`'),
        { maxLength: 12 },
      )
      const values = [
        ...fc.sample(
          special.map((parts) => parts.join('')),
          { numRuns: 400, seed: 2 },
        ),
        ...fc.sample(fc.string({ unit: 'grapheme' }), { numRuns: 200, seed: 3 }),
      ]
      const env = values.map((value, index) => formatEnvLine(`V${index}`, value)).join('')
      const answer = read(
        env,
        values.map((_, index) => `V${index}`),
      )
      expect(values.map((_, index) => answer[`V${index}`])).toEqual(values)
    })
  })
})
