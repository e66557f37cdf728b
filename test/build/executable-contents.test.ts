import { Script } from 'node:vm'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { packContents, readContents } from '../../scripts/executable/contents.ts'
import { exportsThemselves } from '../../scripts/executable/exports-themselves.ts'
import { lazyNodeModules } from '../../scripts/executable/lazy-node-modules.ts'
import { type Chunk, createLoader } from '../../scripts/executable/loader.ts'

const chunk = (code: string) => ({ text: `(function(exports,require,module,__filename,__dirname){${code}\n})` })

describe('the contents of an executable', () => {
  test('come out as they went in', () => {
    const cache = Buffer.from([1, 2, 3])
    const chunks = new Map<string, Chunk>([
      ['main.js', chunk('exports.made = "•"')],
      ['chunks/a.js', { text: 'a', cache }],
    ])
    const read = readContents(packContents({ chunks, files: new Map([['templates/demo/compose.yml', 'grüße\n']]) }))
    expect(read.paths).toEqual(['templates/demo/compose.yml'])
    expect(read.file('templates/demo/compose.yml')).toBe('grüße\n')
    expect(read.chunk('main.js')).toEqual({ text: chunks.get('main.js')?.text, cache: undefined })
    expect(read.chunk('chunks/a.js')).toEqual({ text: 'a', cache })
    expect([read.file('absent'), read.chunk('absent')]).toEqual([undefined, undefined])
  })
})

describe('the loader', () => {
  const load = (chunks: Readonly<Record<string, ReturnType<typeof chunk> & { cache?: Uint8Array }>>) => {
    const loaded: (readonly [string, boolean | undefined])[] = []
    const take = createLoader(
      (path) => chunks[path],
      (path, { cachedDataRejected }) => loaded.push([path, cachedDataRejected]),
    )
    return { take, loaded }
  }

  test('loads a chunk on use, once, and modules of Node', () => {
    const { take, loaded } = load({
      'main.js': chunk('exports.both = () => [require("a.js").made, require("a.js").made, require("path").sep]'),
      'a.js': chunk('exports.made = {}'),
    })
    const { both } = take('main.js')
    expect(loaded).toEqual([['main.js', undefined]])
    const [one, other, separator] = both()
    expect(one).toBe(other)
    expect(separator).toBe('/')
    expect(loaded).toEqual([
      ['main.js', undefined],
      ['a.js', undefined],
    ])
    expect(() => take('absent')).toThrow("Cannot find module 'absent'")
  })

  test('takes the code that V8 has made before; what V8 refuses is as if it were not there', () => {
    const made = chunk('exports.made = 1')
    const cache = new Script(made.text).createCachedData()
    const broken = Buffer.from(cache)
    broken.fill(0, 0, 16)
    const { take, loaded } = load({ 'good.js': { ...made, cache }, 'broken.js': { ...made, cache: broken } })
    expect([take('good.js').made, take('broken.js').made]).toEqual([1, 1])
    expect(loaded).toEqual([
      ['good.js', false],
      ['broken.js', true],
    ])
  })
})

describe('what a chunk exports', () => {
  test('is given itself, and follows what it names', async () => {
    const { code } = await transform('export let n = 1\nexport const next = () => { n += 1 }', { format: 'cjs' })
    expect(code).toContain('__copyProps(')
    const given = exportsThemselves(code)
    expect(given).not.toContain('__toCommonJS = (mod) => __copyProps(')
    const made = createLoader(
      () => chunk(given),
      () => undefined,
    )('a.js')
    made.next()
    expect([made.n, Object.keys(made), made.__esModule]).toEqual([2, ['n', 'next'], true])
  })

  test('in a form that is not known is refused', () => {
    expect(() => exportsThemselves('module.exports = __toCommonJS(made);')).toThrow(/not known/)
  })
})

describe('modules of Node in a chunk', () => {
  test('are taken on first use, also by new and as a default', () => {
    const code = [
      'var __toESM = (module) => ({ default: module });',
      'var import_node_events = require("node:events");',
      'var import_node_path = __toESM(require("node:path"));',
      'exports.made = () => [new import_node_events.EventEmitter().listenerCount("x"), (0, import_node_path.default.join)("a", "b")];',
    ].join('\n')
    const lazy = lazyNodeModules(code)
    expect(lazy).not.toContain('require(')
    const { made } = createLoader(
      () => chunk(lazy),
      () => undefined,
    )('a.js')
    expect(made()).toEqual([0, 'a/b'])
  })

  test('in a form that is not known are refused', () => {
    expect(() => lazyNodeModules('var import_node_os = wrap(require("node:os"));')).toThrow(/not known/)
  })
})
