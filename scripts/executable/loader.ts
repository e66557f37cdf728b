import { Script } from 'node:vm'

/** The text of a chunk, a CommonJS module in a function expression, and the code that V8 made of it before. */
export interface Chunk {
  readonly text: string
  readonly cache?: Uint8Array | undefined
}

/** Nobody checks what a chunk exports: what asks for it was built in the same run. */
type Exports = ReturnType<Script['runInThisContext']>
/** As the wrapper of a chunk takes it; `chunks.ts` writes the paths of chunks out in full. */
type Require = (id: string) => Exports

/**
 * Loads chunks on use, each once. `find` gives a chunk by its path, undefined for what is none: then it is a module of Node.
 * `loaded` is told of each. A cache that V8 does not take (another version, processor, or flags) is as if there were none.
 */
export function createLoader(
  find: (path: string) => Chunk | undefined,
  loaded: (path: string, script: Script) => void,
): Require {
  const modules = new Map<string, { exports: Exports }>()
  const load: Require = (id) => {
    const known = modules.get(id)
    if (known !== undefined) return known.exports
    const chunk = find(id)
    if (chunk === undefined) return nodeModule(id)
    const module = { exports: {} }
    modules.set(id, module)
    const script = new Script(chunk.text, {
      filename: id,
      ...(chunk.cache !== undefined && { cachedData: chunk.cache }),
    })
    script.runInThisContext()(module.exports, load, module, process.execPath, process.execPath)
    loaded(id, script)
    return module.exports
  }
  return load
}

function nodeModule(id: string): Exports {
  const found = process.getBuiltinModule(id)
  if (found === undefined) throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' })
  return found
}
