import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { type CommandGroup, groupEntries } from './command-groups.ts'
import { dependencyPatches, noNativeAddOns, withoutUnusedParts } from './dependency-patches.ts'
import { directImports } from './direct-imports.ts'
import { type BuiltFile, packChunks } from './pack-chunks.ts'

export interface Bundle {
  /** Bundles and what they share. */
  readonly files: readonly BuiltFile[]
  /** What they were made of. */
  readonly metafile: Metafile
}

export interface BundleOptions {
  /** The folder of the package. */
  readonly root: string
  /** Where the program starts: `src/main.ts`. */
  readonly entry: string
  readonly groups: readonly CommandGroup[]
  /** Expressions that are known now. */
  readonly define?: Readonly<Record<string, string>>
}

/** The program as modules for Node: its entry, the groups of commands, and what they share, loaded on use. */
export async function bundleProgram({ root, entry, groups, define }: BundleOptions): Promise<Bundle> {
  const outdir = join(root, 'dist')
  const below = (path: string) => relative(outdir, path).replaceAll('\\', '/')
  const { outputFiles, metafile } = await build({
    entryPoints: [entry, ...groups.map((group) => group.entry)],
    absWorkingDir: root,
    outdir,
    outbase: join(root, 'src'),
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    define: { 'process.env.NODE_ENV': '"production"', DDALAB_BUILD: JSON.stringify(sourceHash(root)), ...define },
    plugins: [groupEntries(root, groups), directImports(), noNativeAddOns(), withoutUnusedParts(), dependencyPatches()],
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
    metafile: true,
  })
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      below(join(root, path)),
      { ...output, imports: output.imports.map((taken) => ({ ...taken, path: below(join(root, taken.path)) })) },
    ]),
  )
  /** The module that a source is the entry point of, else the one that it is a part of. */
  const builtFrom = (source: string) => {
    const all = [...outputs]
    const found =
      all.find(([, { entryPoint }]) => entryPoint?.endsWith(source)) ?? all.find(([, { inputs }]) => source in inputs)
    if (found === undefined) throw new Error(`${source} is to be packed, and is not part of the program`)
    return found[0]
  }
  const files = await packChunks(
    outputFiles.map(({ path, text }) => ({ path: below(path), text })),
    outputs,
    hot(entry).map((sources) => sources.map(builtFrom)),
  )
  return { files, metafile }
}

/** What is loaded together, in the order in which it is: each takes what none before it has. */
function hot(entry: string): readonly (readonly string[])[] {
  return [
    // Every command; those that are run all day; a change; the others beside them in the help.
    [entry, 'src/ui/cli/oclif-config.ts'],
    ['src/commands/more'],
    ['src/commands/daily'],
    ['src/core/actions/carry-out.ts', 'src/core/providers/docker/handlers.ts'],
    ['src/commands/deployment'],
    // What the dashboard and the readers of configs share, and each of them by itself.
    ['node_modules/zod/v4/classic/external.js', 'src/core/config/schema-problems.ts', 'src/core/stack/data.ts'],
    ['node_modules/ink/build/index.js'],
    ['src/ui/tui/index.ts'],
    ['node_modules/yaml/dist/index.js'],
    ['src/core/actions/compile-instance.ts'],
  ]
}

/** The same sources and dependencies give the same build, and nothing else does. */
function sourceHash(root: string): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root }).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
