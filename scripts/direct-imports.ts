import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Plugin } from 'esbuild'

/** Where a name that an index exports comes from: a file, and its name there. */
type Origin = readonly [file: string, name: string]

/** As our formatter has them: one statement after another, each from the start of its line. */
const FROM_INDEX = /^import (type )?\{([^}]*)\} from '(\.[^']*\/index\.ts)'$/gm
const EXPORT = /^export \{([^}]*)\} from '(\.[^']*)'$/gm

/**
 * Takes what a source imports from the index of a folder from where it is. An index is for those who read: the bundler counts
 * all that it names as used by all who import it, and a command that wants one function would load the whole folder.
 */
export function directImports(): Plugin {
  return {
    name: 'direct-imports',
    setup(build) {
      const read = (path: string) => readFileSync(path, 'utf8')
      build.onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, ({ path }) => ({
        contents: withDirectImports(read(path), path, read),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }))
    },
  }
}

/** The text of a source, changed; `read` gives the texts of the index files that it imports from. */
export function withDirectImports(text: string, path: string, read: (path: string) => string): string {
  return text.replace(FROM_INDEX, (line, type: string | undefined, names: string, index: string) => {
    if (type !== undefined) return line
    const file = join(dirname(path), index)
    const origins = originsIn(file, read)
    const taken = valuesIn(names).map(([there, here]) => {
      const [from, name] = origins.get(there) ?? [file, there]
      return `import { ${name} as ${here} } from ${JSON.stringify(specifier(path, from))}`
    })
    return taken.join('; ')
  })
}

/** The values that an index exports from other files, directly or through an index of theirs. */
function originsIn(index: string, read: (path: string) => string): ReadonlyMap<string, Origin> {
  const origins = [...read(index).matchAll(EXPORT)].flatMap(([, names = '', from = '']) => {
    const file = join(dirname(index), from)
    const further = from.endsWith('/index.ts') ? originsIn(file, read) : new Map<string, Origin>()
    return valuesIn(names).map(([there, here]) => [here, further.get(there) ?? ([file, there] as const)] as const)
  })
  return new Map(origins)
}

/** What stands between the braces, but for types: names there, and here. */
function valuesIn(names: string): readonly (readonly [there: string, here: string])[] {
  return names.split(',').flatMap((part) => {
    const [there = '', here = there] = part.trim().split(' as ')
    return there === '' || there.startsWith('type ') ? [] : [[there, here] as const]
  })
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to).replaceAll('\\', '/')
  return path.startsWith('.') ? path : `./${path}`
}
