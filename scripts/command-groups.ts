import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { groupsOf, type Manifest } from '../src/ui/cli/manifest.ts'

/** The commands that are loaded together: see `groupsOf`. */
export interface CommandGroup {
  /** `src/commands/deployment`: the entry point of its bundle; there is no such file. */
  readonly entry: string
  /** `config:show`, sorted. */
  readonly ids: readonly string[]
}

/**
 * The bundles of the commands: one for each group. A bundle for each command would be cut into as many chunks as
 * there are sets of commands that share something, and loading forty chunks takes as long as running a command.
 */
export function commandGroups(manifest: Manifest): readonly CommandGroup[] {
  const groups = groupsOf(manifest)
  const ids = Map.groupBy(Object.keys(groups).sort(), (id) => groups[id])
  return [...ids].map(([group, members]) => ({ entry: `src/commands/${group}`, ids: members }))
}

/** Makes the entry points of the groups: modules that export each command under its id. */
export function groupEntries(root: string, groups: readonly CommandGroup[]): Plugin {
  return {
    name: 'command-groups',
    setup(build) {
      for (const { entry, ids } of groups) {
        const exported = ids.map((id) => `export { default as "${id}" } from "./${id.replaceAll(':', '/')}.ts"`)
        build.onResolve({ filter: new RegExp(`^${entry}$`) }, () => ({ path: join(root, entry), namespace: 'group' }))
        build.onLoad({ filter: new RegExp(`[/\\\\]${entry.split('/').at(-1)}$`), namespace: 'group' }, () => ({
          contents: exported.join('\n'),
          resolveDir: join(root, 'src', 'commands'),
        }))
      }
    },
  }
}
