import { join } from 'node:path'
import { makeDirectory, readFileIfExists, writeFileAtomic } from '../files.ts'
import { type CompiledStack, readCompiled } from '../release/index.ts'
import { serviceHashes } from '../stack/spec-hash.ts'

/**
 * Keeps the stack of a run beside its journal until the run has ended: whoever finishes it, also after a crash, records the
 * release with its stack. It holds secrets. DISK_FULL, FILE_NOT_WRITABLE.
 */
export async function keepRunStack(backupDir: string, run: string, open: CompiledStack): Promise<void> {
  await makeDirectory(join(backupDir, run), 0o700)
  await writeFileAtomic(stackFile(backupDir, run), JSON.stringify(compiledStack(open)), { mode: 0o600 })
}

/** The stack of a run; undefined when it has none. FILE_NOT_READABLE. */
export async function runStack(backupDir: string, run: string): Promise<CompiledStack | undefined> {
  const text = await readFileIfExists(stackFile(backupDir, run))
  return text === undefined ? undefined : readCompiled(text)
}

/** What a release keeps of the stack that it was made from. */
export function compiledStack(open: CompiledStack): CompiledStack {
  const { format, build, environment, ownEnvironment, sources, texts, goodUntil, keep, keepBackups, stack, warnings } =
    open
  return {
    ...{ format, build, environment, ownEnvironment, sources, goodUntil, keep, stack, warnings },
    ...(texts !== undefined && { texts }),
    hashes: serviceHashes(stack),
    ...(keepBackups !== undefined && { keepBackups }),
  }
}

const stackFile = (backupDir: string, run: string) => join(backupDir, run, 'stack.json')
