import type { HistoryEntry } from '../../config/history/index.ts'
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
    plainSecrets: await hasPlainSecrets(text, file),
  })
  if (done.outcome !== 'not-committed') return
  world.sink.emit({ type: 'notice', level: 'warning', message: `${done.message} ${done.hint}` })
}

async function hasPlainSecrets(text: string, file: string): Promise<boolean> {
  const { isEncrypted, parseDocument, secretsIn } = await import('../../config/index.ts')
  return secretsIn(parseDocument(text, file).data).some(({ value }) => value !== '' && !isEncrypted(value))
}
