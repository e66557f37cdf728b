import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DdalabError } from '../../../errors.ts'
import { keepAside, putBack, readFileIfExists, writeFileAtomic } from '../../../files.ts'
import type { OperationContext, OperationHandler } from '../../../kernel/handler.ts'
import { runCommand } from './command.ts'
import { type OperationTools, stackOf, textInput, textList } from './tools.ts'

/** Readable by the owner alone: `.env`, keys, and the copies we keep of them. */
const PRIVATE = 0o600
const PUBLIC = 0o644

export function fileWrite(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      await replaceFile(tools, textInput(operation, 'path'), context)
      return {}
    },
    async undo(operation, _outcome, context) {
      await restoreFile(tools, textInput(operation, 'path'), context)
    },
  }
}

/** Commit phase. */
export function fileRemove({ workingDir }: OperationTools): OperationHandler {
  return {
    async execute(operation) {
      await rm(join(workingDir, textInput(operation, 'path')), { force: true })
      return {}
    },
  }
}

/** Writes the files of a running ingress and has it take them up; a failure of the reload puts the former ones back. */
export function trafficSwitch(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      for (const path of textList(operation, 'paths')) await replaceFile(tools, path, context)
      await reload(tools, textInput(operation, 'id'), textList(operation, 'reload'))
      return {}
    },
    async undo(operation, _outcome, context) {
      for (const path of textList(operation, 'paths')) await restoreFile(tools, path, context)
      await reload(tools, textInput(operation, 'id'), textList(operation, 'reload'))
    },
  }
}

async function reload(tools: OperationTools, container: string, command: readonly string[]): Promise<void> {
  // An ingress that watches its files has no command.
  if (command.length === 0) return
  const { exitCode, output } = await runCommand(tools.engine, container, command)
  if (exitCode === 0) return
  throw new DdalabError(
    'OPERATION_FAILED',
    `The ingress refused its new routes: "${command.join(' ')}" ended with code ${exitCode}.`,
    {
      details: output.split('\n').slice(-10),
    },
  )
}

async function replaceFile(tools: OperationTools, path: string, context: OperationContext): Promise<void> {
  const file = stackOf(tools).files.find((one) => one.path === path)
  if (file === undefined)
    throw new DdalabError('UNEXPECTED', `The plan names file "${path}", which the stack does not have`)
  const target = join(tools.workingDir, path)
  await keepFormer(tools, path, context)
  await mkdir(dirname(target), { recursive: true })
  await writeFileAtomic(target, file.content, { mode: file.secret ? PRIVATE : PUBLIC })
}

/**
 * The former file is kept before it changes, or a mark that there was none: here and not in the journal, because `.env`
 * holds secrets.
 */
async function keepFormer(tools: OperationTools, path: string, { run }: OperationContext): Promise<void> {
  const backup = backupPath(tools, run, path)
  await mkdir(dirname(backup), { recursive: true, mode: 0o700 })
  if ((await exists(`${backup}.absent`)) || (await exists(backup))) return
  const kept = await keepAside(join(tools.workingDir, path), backup)
  if (!kept) await writeFileAtomic(`${backup}.absent`, '', { mode: PRIVATE })
}

/** Takes no space: the disk may be full, and that is why. */
async function restoreFile(tools: OperationTools, path: string, { run }: OperationContext): Promise<void> {
  const target = join(tools.workingDir, path)
  const backup = backupPath(tools, run, path)
  if (await exists(`${backup}.absent`)) await rm(target, { force: true })
  else await putBack(backup, target)
}

async function exists(path: string): Promise<boolean> {
  return (await readFileIfExists(path)) !== undefined
}

/** One flat name per path, so that no path of the stack can lead out of the backup directory. */
function backupPath({ backupDir }: OperationTools, run: string, path: string): string {
  return join(backupDir, run, createHash('sha256').update(path).digest('hex').slice(0, 24))
}
