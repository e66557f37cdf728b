import { posix } from 'node:path'
import { transform } from 'esbuild'
import { type Bundle, bundleProgram } from '../bundle.ts'
import type { CommandGroup } from '../command-groups.ts'
import { exportsThemselves } from './exports-themselves.ts'
import { lazyNodeModules } from './lazy-node-modules.ts'

/** What a file of the executable is for what asks: `import.meta.url` of a place that is not there. */
const NOWHERE = 'file:///ddalab'

const TARGET = 'node26'
/** The loader gives a module when it is asked for it; there is nobody who could import one. */
const SUPPORTED = { 'dynamic-import': false }

/** The program as CommonJS chunks, each wrapped in a function, as `createLoader` takes them. */
export async function programChunks(
  root: string,
  groups: readonly CommandGroup[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly metafile: Bundle['metafile'] }> {
  const define = { 'import.meta.url': JSON.stringify(NOWHERE) }
  const { files, metafile } = await bundleProgram({ root, entry: 'src/executable.ts', groups, define })
  const paths = new Set(files.map(({ path }) => path))
  const texts = await Promise.all(
    files.map(async ({ path, text }) => [path, await wrapped(path, text, paths)] as const),
  )
  return { texts: new Map(texts.toSorted(([a], [b]) => (a < b ? -1 : 1))), metafile }
}

async function wrapped(path: string, text: string, paths: ReadonlySet<string>): Promise<string> {
  const { code } = await transform(text, { format: 'cjs', platform: 'node', target: TARGET, supported: SUPPORTED })
  const linked = lazyNodeModules(exportsThemselves(code)).replace(
    /\brequire\("(\.\.?\/[^"]+)"\)/g,
    (_call, relative: string) => {
      const other = posix.join(posix.dirname(path), relative)
      if (!paths.has(other)) throw new Error(`${path} wants ${relative}, which is no chunk`)
      return `require(${JSON.stringify(other)})`
    },
  )
  const small = await transform(linked, { minifyWhitespace: true, minifySyntax: true, target: TARGET })
  return `(function(exports,require,module,__filename,__dirname){${asAscii(small.code)}\n})`
}

/** One character beyond ASCII, which esbuild leaves in regular expressions, doubles what V8 has to read. */
const asAscii = (code: string) =>
  code.replaceAll(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
