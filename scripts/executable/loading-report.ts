import { writeFileSync } from 'node:fs'
import type { Script } from 'node:vm'

/** What one run has loaded. */
export interface LoadingReport {
  /** In the order of loading, and whether V8 took the code that was made of it before. */
  readonly chunks: readonly { readonly path: string; readonly cached: boolean }[]
  /** Modules of Node, its own inner ones included: `crypto`, `internal/fs/promises`. */
  readonly modules: readonly string[]
}

/** For the check of the budget: writes the report to a file when the program ends. Without a file it does nothing. */
export function tellWhatIsLoaded(file: string | undefined): (path: string, script: Script) => void {
  if (file === undefined) return () => undefined
  const chunks: { path: string; cached: boolean }[] = []
  process.on('exit', () => writeFileSync(file, JSON.stringify({ chunks, modules: modules() } satisfies LoadingReport)))
  return (path, { cachedDataRejected }) => chunks.push({ path, cached: cachedDataRejected === false })
}

function modules(): readonly string[] {
  const kind = 'NativeModule '
  const loaded: readonly string[] = Reflect.get(process, 'moduleLoadList')
  return loaded.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length))
}
