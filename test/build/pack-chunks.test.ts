import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type BuiltFile, packChunks } from '../../scripts/pack-chunks.ts'

type Outputs = Parameters<typeof packChunks>[1]

const home = mkdtempSync(join(tmpdir(), 'ddalab-pack-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A module as esbuild would have told of it. */
function output(exports: readonly string[], imports: readonly (readonly [string, boolean])[], entryPoint?: string) {
  return {
    bytes: 0,
    inputs: {},
    exports: [...exports],
    imports: imports.map(([path, onUse]) => ({
      path,
      kind: onUse ? ('dynamic-import' as const) : ('import-statement' as const),
    })),
    ...(entryPoint !== undefined && { entryPoint }),
  }
}

const FILES: readonly BuiltFile[] = [
  {
    path: 'main.js',
    text: 'import {\n  add,\n  total as sum\n} from "./chunks/a.js";\nadd(2);\nexport const said = sum;\nexport const late = () => import("./chunks/late.js");\n',
  },
  {
    path: 'chunks/a.js',
    text: 'import {\n  ONE\n} from "./b.js";\nlet total = ONE;\nfunction add(n) {\n  total += n;\n}\nexport {\n  add,\n  total\n};\n',
  },
  { path: 'chunks/b.js', text: 'const ONE = 1;\nexport {\n  ONE\n};\n' },
  {
    path: 'chunks/late.js',
    text: 'import {\n  add,\n  total\n} from "./a.js";\nimport "./b.js";\nadd(10);\nconst now = () => total;\nexport {\n  now as "what:now"\n};\n',
  },
]
const OUTPUTS: Outputs = new Map([
  [
    'main.js',
    output(
      ['said', 'late'],
      [
        ['chunks/a.js', false],
        ['chunks/late.js', true],
      ],
      'src/main.ts',
    ),
  ],
  ['chunks/a.js', output(['add', 'total'], [['chunks/b.js', false]])],
  ['chunks/b.js', output(['ONE'], [])],
  [
    'chunks/late.js',
    output(
      ['what:now'],
      [
        ['chunks/a.js', false],
        ['chunks/b.js', false],
      ],
      'src/late.ts',
    ),
  ],
])

async function load(files: readonly BuiltFile[], name: string) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(home, name, path)), { recursive: true })
    writeFileSync(join(home, name, path), text)
  }
  const main = await import(/* @vite-ignore */ pathToFileURL(join(home, name, 'main.js')).href)
  return { said: main.said, late: (await main.late())['what:now']() }
}

test('modules that are loaded together are one, and do what they did, with one state for all', async () => {
  const packed = await packChunks(FILES, OUTPUTS, [['main.js']])
  expect(packed.map(({ path }) => path.replace(/pack-\w+/, 'pack'))).toEqual([
    'chunks/pack.js',
    'main.js',
    'chunks/late.js',
  ])
  expect(await load(packed, 'packed')).toEqual({ said: 3, late: 13 })
})

test('what is loaded on use can be packed as well: its path stays', async () => {
  const packed = await packChunks(FILES, OUTPUTS, [['main.js'], ['chunks/late.js']])
  expect(packed).toHaveLength(4)
  expect(packed.find(({ path }) => path === 'chunks/late.js')?.text).toMatch(/^export .* from "\.\/pack-\w+\.js";\n$/)
  expect(await load(packed, 'on-use')).toEqual({ said: 3, late: 13 })
})

test('an import of a form that is not known fails the build', async () => {
  const files = [{ path: 'main.js', text: 'export * from "./chunks/a.js";\n' }, ...FILES.slice(1)]
  await expect(packChunks(files, OUTPUTS, [['main.js']])).rejects.toThrow('main.js: nothing is there for')
})
