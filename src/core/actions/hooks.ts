import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DdalabError } from '../errors.ts'
import type { InstancePaths } from '../instance/index.ts'
import type { Handlers, Operation, OperationContext } from '../kernel/index.ts'
import { HOOK_RUN, HOOK_UNDO } from '../release/hooks.ts'
import { hooksDirectory } from './planned-hooks.ts'
import type { World } from './world.ts'

/** ms that a hook may take. */
const LIMIT = 10 * 60_000
/** ms between asking a hook to end and ending it. */
const GRACE = 5_000
/** Lines of its output that an error shows. */
const LAST_LINES = 10

/**
 * Who runs them: in the directory of the instance, with what happens as JSON on stdin. What a hook prints is shown as its
 * progress. A hook that fails fails its step; one after the verdict can change nothing any more, and is only told.
 */
export function hookHandlers({ sink }: World, paths: InstancePaths): Handlers {
  const run = (operation: Operation, context: OperationContext) =>
    runHook(join(hooksDirectory(paths), String(operation.input.hook)), paths.directory, operation, context)
  const runAndTell = async (operation: Operation, context: OperationContext) => {
    const failure = await run(operation, context)
    if (failure !== undefined) sink.emit({ type: 'notice', level: 'warning', message: failure.message })
  }
  return {
    [HOOK_RUN]: {
      async execute(operation, context) {
        if (operation.phase === 'commit') await runAndTell(operation, context)
        else {
          const failure = await run(operation, context)
          if (failure !== undefined) throw failure
        }
        return {}
      },
      async undo() {},
    },
    [HOOK_UNDO]: {
      execute: async () => ({}),
      undo: (operation, _outcome, context) => runAndTell(operation, context),
    },
  }
}

/** Runs one; answers why it failed, or undefined. */
function runHook(
  file: string,
  directory: string,
  { input }: Operation,
  { run, signal, progress }: OperationContext,
): Promise<DdalabError | undefined> {
  const { hook, action, instance } = input
  return new Promise((resolve) => {
    const failed = (what: string) =>
      resolve(new DdalabError('HOOK_FAILED', `hooks/${hook} ${what}.`, { details: last, hint: `See ${file}` }))
    const last: string[] = []
    const child = spawn(file, [], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] })
    const end = () => {
      child.kill()
      setTimeout(() => child.kill('SIGKILL'), GRACE).unref()
    }
    const limit = setTimeout(end, LIMIT)
    signal.addEventListener('abort', end, { once: true })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line)
        last.splice(0, last.length - LAST_LINES)
        progress({ message: line })
      })
    }
    child.on('error', ({ message }) => failed(`could not be started: ${message}`))
    child.on('close', (code, by) => {
      clearTimeout(limit)
      signal.removeEventListener('abort', end)
      if (code === 0) resolve(undefined)
      else failed(by === null ? `ended with code ${code}` : `was ended by ${by}`)
    })
    // It need not read it.
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${JSON.stringify({ schemaVersion: 1, hook, run, action, instance })}\n`)
  })
}
