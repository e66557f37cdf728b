/** What bundled CommonJS takes for granted, for the chunks that use it. */
const COMMONJS: readonly (readonly [name: string, declaration: string])[] = [
  // A loader of its own is only made for what is no module of Node: making one costs as much as loading ten chunks.
  [
    'require',
    'const require = (name) => process.getBuiltinModule(name) ?? process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);',
  ],
  ['__filename', 'const __filename = import.meta.filename;'],
  ['__dirname', 'const __dirname = import.meta.dirname;'],
]

/** As esbuild prints it: one statement a line. */
const IMPORT = /^import (?:(\w+)(?:, )?)?(?:\* as (\w+) |\{ ([^}]*) \} )?\s*from "(node:[\w/]+)";$/gm
const LEFT = /^import .* from "node:/m

/**
 * A chunk that takes Node's own modules without `import`: the façade of such an import reads every export, and some of them
 * load whole subsystems when they are read (WebSocket, streams, WebCrypto). Throws when an import has a form that is not known.
 */
export function withoutNodeImports(text: string): string {
  const taken: string[] = []
  const body = text.replace(IMPORT, (_line, whole?: string, space?: string, names?: string, module?: string) => {
    const load = `process.getBuiltinModule(${JSON.stringify(module)})`
    for (const name of [whole, space]) if (name !== undefined) taken.push(`const ${name} = ${load};`)
    if (names !== undefined) taken.push(`const { ${names.replaceAll(' as ', ': ')} } = ${load};`)
    return ''
  })
  const left = LEFT.exec(body)
  if (left !== null) throw new Error(`An import of a form that is not known: ${left[0]}`)
  return [...taken, body].join('\n')
}

/** The same, and it declares what CommonJS needs, but only where it is used. */
export function nodeChunk(text: string): string {
  const body = withoutNodeImports(text)
  const common = COMMONJS.filter(([name]) => new RegExp(`(?<![.\\w$"'])${name}(?![\\w$"'])`).test(body))
  return [...common.map(([, declaration]) => declaration), body].join('\n')
}
