/** As esbuild writes a module of Node in CommonJS: a name of its own, which stands before a dot wherever it is used. */
const TAKEN = /^var (import_\w+) = (__toESM\(|)require\("(node:[\w/]+)"\)\)?;$/gm
const LEFT = /^var import_\w+ = .*require\("node:/m

/**
 * A CommonJS chunk that takes a module of Node when it first uses it: `node:crypto` alone costs a quarter of what Node needs to
 * start, and most runs hash nothing. What is imported as a whole (`import * as`) is taken at once. Throws when a module is taken in a form that is not known.
 */
export function lazyNodeModules(code: string): string {
  const names: string[] = []
  const declared = code.replace(TAKEN, (_line, name: string, wrap: string, module: string) => {
    names.push(name)
    const load = `process.getBuiltinModule(${JSON.stringify(module)})`
    const value = wrap === '' ? load : `__toESM(${load})`
    return `let ${name}_value; const ${name} = () => ${name}_value ??= ${value};`
  })
  const left = LEFT.exec(declared)
  if (left !== null) throw new Error(`A module of Node is taken in a form that is not known: ${left[0]}`)
  return names.reduce(
    (text, name) => text.replaceAll(new RegExp(`(?<![\\w$.])${name}(?=\\.)`, 'g'), `(${name}())`),
    declared,
  )
}
