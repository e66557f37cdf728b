import type { HistoryEntry } from '../../config/history/index.ts'
import type { Path } from '../../config/index.ts'
import type { World } from '../world.ts'

/**
 * Commits a config that was just written, where it lies in a git repository. What keeps git from it is told as a warning: the
 * config is written all the same.
 */
export async function commitToGit(world: World, file: string, text: string, entry: HistoryEntry): Promise<void> {
  const { commitConfig } = await import('../../config/git/index.ts')
  const done = await commitConfig(file, {
    ...entry,
    by: entry.by ?? world.environment.user,
    plainSecrets: await hasPlainSecrets(world, text, file),
  })
  if (done.outcome !== 'not-committed') return
  world.sink.emit({ type: 'notice', level: 'warning', message: `${done.message} ${done.hint}` })
}

/** By the schema and by the template; where that cannot be read nobody knows what is secret, and any parameter may be. */
async function hasPlainSecrets(world: World, text: string, file: string): Promise<boolean> {
  const { isEncrypted, isSecretSchemaPath, isTree, parseDocument } = await import('../../config/index.ts')
  const { secretTest } = await import('../../stack/index.ts')
  const { templateOfText } = await import('./prepare-change.ts')
  const isSecret = await templateOfText(world, text, file).then(
    secretTest,
    () => (path: Path) => isSecretSchemaPath(path) || path.includes('parameters'),
  )
  const isPlain = (value: unknown, path: Path): boolean => {
    if (isTree(value)) return Object.entries(value).some(([key, child]) => isPlain(child, [...path, key]))
    return isSecret(path) && value !== null && value !== '' && !isEncrypted(value)
  }
  return isPlain(parseDocument(text, file).data, [])
}
