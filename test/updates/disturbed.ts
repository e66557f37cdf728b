import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { begins } from '../faults/support/instance.ts'
import type { ThrowAwayEngine } from '../lab/lab.ts'
import { recorded, recording, restorePower } from '../support/power-cut.ts'
import type { Updated } from './updated.ts'

/** What becomes of what was not synced when the power goes. */
export const LOSSES = [
  { lost: 'all', survives: () => false },
  { lost: 'some', survives: () => Math.random() < 0.5 },
] as const
export type Loss = (typeof LOSSES)[number]

type Command = readonly [string, ...string[]]

/**
 * Runs a command until the power goes before its so-many-th sync, and has the next command go on with what was on the disk.
 * False when it has fewer syncs, and came to its end.
 */
export async function cutPower(
  { instance }: Updated,
  command: Command,
  cut: number,
  { survives }: Loss,
): Promise<boolean> {
  const state = join(tmpdir(), `ddalab-power-${instance.name}.json`)
  try {
    const finished = await instance.with(recording(instance.directory, state, cut)).start(...command).finished
    if (finished.signal !== 'SIGKILL') {
      expect(finished, finished.stdout + finished.stderr).toMatchObject({ code: 0 })
      return false
    }
    restorePower(instance.directory, recorded(state), survives)
    await instance.succeed('deploy')
    return true
  } finally {
    rmSync(state, { force: true })
  }
}

/**
 * Kills the engine when a step of the command begins, whose answer never comes, and starts it again: at once, or after the
 * command has given up. Then the next command goes on.
 */
export async function killEngine(
  { instance }: Updated,
  engine: ThrowAwayEngine,
  [command, ...args]: Command,
  { at, isBackAtOnce }: { readonly at: string; readonly isBackAtOnce: boolean },
): Promise<void> {
  const running = instance.start(command, ...args, '--events')
  await running.stdoutHas(begins(at))
  running.child.kill('SIGSTOP')
  await engine.kill()
  if (isBackAtOnce) await engine.start()
  running.child.kill('SIGCONT')
  const { code, stdout } = await running.finished
  // It came to its end, undid it, or left it to the next command.
  expect([0, 4, 5, 6], stdout).toContain(code)
  if (!isBackAtOnce) await engine.start()
  await instance.succeed('deploy')
}
