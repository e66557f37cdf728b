import { type FSWatcher, watch } from 'node:fs'

/** Resolves when something in the directory changes, after `ms` milliseconds, or when `signal` is aborted; never rejects. */
export function changeIn(directory: string, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let watcher: FSWatcher | undefined
    const finish = (): void => {
      clearTimeout(timer)
      watcher?.close()
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish)
    if (signal?.aborted) return finish()
    try {
      watcher = watch(directory, finish).on('error', () => undefined)
    } catch {
      // No directory yet, or no watches left: the time limit serves.
    }
  })
}
