import { build } from 'esbuild'

/** A script that Node runs without any other file: a module and what it imports, as CommonJS. */
export async function runtimeScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`nothing was made of ${entry}`)
  return file.text
}
