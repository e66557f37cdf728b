import { createHash } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { build, type Metafile } from 'esbuild'

/** A file of a build: its path below the output folder, with `/`. */
export interface BuiltFile {
  readonly path: string
  readonly text: string
}

/** A built module as the metafile knows it. */
type Output = Metafile['outputs'][string]

/** As esbuild prints it. */
const STATIC_IMPORT = /^import (?:\{([^}]*)\} from )?"(\.{1,2}\/[^"]+)";$/gm
const ANY_IMPORT = /^(?:import|.* from) "(\.{1,2}\/[^"]+)";$/gm

/**
 * Joins modules that are always loaded together into one. esbuild cuts a module for each set of entry points that share
 * something, and loading forty of them takes as long as running a command. `packs`: the entry points of each pack, in the
 * order in which they are loaded; a pack holds everything that they import statically and that no earlier one holds. Of
 * a module that others load on use its path stays, as an export of what is in the pack; those that nothing in the build loads
 * stay as they are.
 */
export async function packChunks(
  files: readonly BuiltFile[],
  outputs: ReadonlyMap<string, Output>,
  packs: readonly (readonly string[])[],
): Promise<readonly BuiltFile[]> {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const onUse = new Set(
    [...outputs.values()].flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path),
    ),
  )
  const isFixed = (path: string) => outputs.get(path)?.entryPoint !== undefined && !onUse.has(path)
  /** Where a module went: its pack, and what its exports are called there. */
  const packed = new Map<string, { readonly pack: string; readonly prefix: string }>()
  const built: BuiltFile[] = []
  for (const roots of packs) {
    const members = [...staticClosure(roots, outputs)].filter((path) => !packed.has(path) && !isFixed(path))
    const prefixes = new Map(members.map((path, index) => [path, `m${index}_`]))
    const taken = takenBy(files.filter(({ path }) => !prefixes.has(path)))
    const exports = members.map((path) => {
      const names = (outputs.get(path)?.exports ?? [])
        .filter((name) => onUse.has(path) || taken.has(`${path} ${name}`))
        .map((name) => `${exported(name)} as ${prefixes.get(path)}${plain(name)}`)
      return `export { ${names.join(', ')} } from ${JSON.stringify(path)};`
    })
    const text = await joined(exports.join('\n'), new Map(members.map((path) => [path, texts.get(path) ?? ''])))
    const pack = `chunks/pack-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`
    built.push({ path: pack, text: redirected(text, pack, packed) })
    for (const [path, prefix] of prefixes) packed.set(path, { pack, prefix })
  }
  for (const [path, text] of texts) {
    const place = packed.get(path)
    if (place === undefined) built.push({ path, text: redirected(text, path, packed) })
    else if (onUse.has(path)) {
      const names = (outputs.get(path)?.exports ?? []).map(
        (name) => `${place.prefix}${plain(name)} as ${exported(name)}`,
      )
      built.push({ path, text: `export { ${names.join(', ')} } from "${specifier(path, place.pack)}";\n` })
    }
  }
  expectWhole(built)
  return built
}

/** The exports that modules import statically: `PATH NAME`. Each export of a pack is a getter that is made in every run. */
function takenBy(files: readonly BuiltFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ path, text }) =>
      [...text.matchAll(STATIC_IMPORT)].flatMap(([, names = '', from = '']) =>
        importedNames(names).map(([there]) => `${resolvedFrom(path, from)} ${there}`),
      ),
    ),
  )
}

/** What stands between the braces of an import: names there, and here. */
function importedNames(text: string): readonly (readonly [there: string, here: string])[] {
  return text.split(',').flatMap((name) => {
    const [there = '', here = there] = name.trim().split(' as ')
    return there === '' ? [] : [[there, here] as const]
  })
}

/** Throws when a module imports what is not there: in a form that is not known. */
function expectWhole(built: readonly BuiltFile[]): void {
  const paths = new Set(built.map(({ path }) => path))
  for (const { path, text } of built)
    for (const [line, target = ''] of text.matchAll(ANY_IMPORT))
      if (!paths.has(resolvedFrom(path, target))) throw new Error(`${path}: nothing is there for ${line}`)
}

function resolvedFrom(from: string, path: string): string {
  return join(dirname(from), path).replaceAll('\\', '/')
}

/** A module and all that is loaded with it before it runs. */
function staticClosure(
  roots: readonly string[],
  outputs: ReadonlyMap<string, Output>,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const path of roots) {
    if (found.has(path)) continue
    const output = outputs.get(path)
    if (output === undefined) throw new Error(`${path} is to be packed, but was not built`)
    const imports = output.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true)
    staticClosure(
      imports.map((taken) => taken.path),
      outputs,
      found,
    )
    found.add(path)
  }
  return found
}

/** One module of several; what they import beside each other stays an import, relative to `chunks/`. */
async function joined(entry: string, members: ReadonlyMap<string, string>): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: '/' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    write: false,
    plugins: [
      {
        name: 'members',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ path, importer, kind }) => {
            if (path.startsWith('node:')) return { path, external: true }
            const resolved = importer === '<stdin>' ? path : resolvedFrom(importer, path)
            if (kind === 'import-statement' && members.has(resolved)) return { path: resolved, namespace: 'member' }
            return { path: specifier('chunks/pack.js', resolved), external: true }
          })
          onLoad({ filter: /./, namespace: 'member' }, ({ path }) => ({ contents: members.get(path) ?? '' }))
        },
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}

/** The imports of packed modules turned to their packs. */
function redirected(
  text: string,
  from: string,
  packed: ReadonlyMap<string, { readonly pack: string; readonly prefix: string }>,
): string {
  return text.replace(STATIC_IMPORT, (line, names: string | undefined, path: string) => {
    const place = packed.get(resolvedFrom(from, path))
    if (place === undefined) return line
    const target = JSON.stringify(specifier(from, place.pack))
    if (names === undefined) return `import ${target};`
    const taken = importedNames(names).map(([there, here]) => `${place.prefix}${plain(there)} as ${here}`)
    return `import { ${taken.join(', ')} } from ${target};`
  })
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to).replaceAll('\\', '/')
  return path.startsWith('.') ? path : `./${path}`
}

/** The name of an export as it stands in `export { }`: some are texts. */
const exported = (name: string): string => (/^[\w$]+$/.test(name) ? name : JSON.stringify(name))

/** A name that can be a part of an identifier. */
const plain = (name: string): string => name.replaceAll(/[^\w$]/g, '_')
