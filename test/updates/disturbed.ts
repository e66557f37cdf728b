import { rmSync, statSync, truncateSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { begins } from '../faults/support/instance.ts'
import type { ThrowAwayEngine } from '../lab/lab.ts'
import { fill } from '../state/places.ts'
import { recorded, recording, restorePower } from '../support/power-cut.ts'
import type { Updated } from './updated.ts'

/** What becomes of what was not synced when the power goes. */
export const LOSSES = [
  { lost: 'all', survives: () => false },
  { lost: 'some', survives: () => Math.random() < 0.5 },
] as const
export type Loss = (typeof LOSSES)[number]

type Command = readonly [string, ...string[]]

/** What has become of a command whose power went. */
export type Fate = 'ended' | 'committed' | 'undecided'

/**
 * Runs a command until the power goes before its so-many-th sync, or right after its end where it has fewer. Then the disk has
 * what it has to have, and the next command goes on from there.
 */
export async function cutPower(
  { instance }: Updated,
  [command, ...args]: Command,
  cut: number,
  { survives }: Loss,
): Promise<Fate> {
  const state = join(tmpdir(), `ddalab-power-${instance.name}.json`)
  try {
    const finished = await instance.with(recording(instance.directory, state, cut)).start(command, ...args).finished
    const hasEnded = finished.signal !== 'SIGKILL'
    if (hasEnded) expect(finished, finished.stdout + finished.stderr).toMatchObject({ code: 0 })
    restorePower(instance.directory, recorded(state), survives)
    const isCommitted = (await openJournal(instance)).includes('{"type":"verdict","verdict":"commit"}')
    await instance.succeed('deploy')
    return hasEnded ? 'ended' : isCommitted ? 'committed' : 'undecided'
  } finally {
    rmSync(state, { force: true })
  }
}

async function openJournal(instance: Updated['instance']): Promise<string> {
  const file = (await instance.files()).find((name) => name.endsWith('.open.ndjson'))
  return file === undefined ? '' : readFile(join(instance.directory, file), 'utf8')
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
  expect([0, 4, 5, 6, 8], stdout).toContain(code)
  if (!isBackAtOnce) await engine.start()
  const next = await instance.run('deploy')
  // 8: all is done, and what the engine has started again is not well yet.
  expect([0, 8], next.stdout + next.stderr).toContain(next.code)
  await vi.waitFor(
    async () => expect(await instance.answer('status')).toMatchObject({ data: { state: 'healthy' } }),
    30_000,
  )
}

const PAGE = 4096

/**
 * Runs a command while a disk has so many free pages, and so many bytes beside; then there is space again, and the next command
 * goes on. Answers the exit code, and whether the change came to be.
 */
export async function fillDisk(
  { instance }: Updated,
  disk: string,
  [command, ...args]: Command,
  { pages, bytes = 0 }: { readonly pages: number; readonly bytes?: number },
): Promise<{ readonly code: number; readonly isDone: boolean }> {
  const makeSpace = fill(disk)
  const filler = join(disk, 'filler')
  truncateSync(filler, statSync(filler).size - pages * PAGE - bytes)
  const { code, error } = await instance.answer(command, ...args)
  makeSpace()
  const said = JSON.stringify({ code, error, pages })
  if (code !== 0) expect(error.code, said).toMatch(/^(DISK_FULL|ROLLBACK_FAILED)$/)
  const next = await instance.run('deploy')
  expect(next, said + next.stdout + next.stderr).toMatchObject({ code: 0 })
  return { code, isDone: code === 0 || error.message.startsWith('the change is in effect') }
}
