import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DdalabError } from '../../../errors.ts'
import { keepAside, makeDirectory, putBack, readFileIfExists, writeFileAtomic } from '../../../files.ts'
import type { OperationContext, OperationHandler } from '../../../kernel/handler.ts'
import { reloadIngress } from './reload-ingress.ts'
import { type OperationTools, stackOf, textInput, textList } from './tools.ts'

/** Readable by the owner alone: `.env`, keys, and the copies we keep of them. */
const PRIVATE = 0o600
const PUBLIC = 0o644

export function fileWrite(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      await replaceFile(tools, textInput(operation, 'path'), context)
      // Compose takes its time: it may as well begin while networks are made.
      if (await allWritten(tools)) tools.composeHashes().catch(() => undefined)
      return {}
    },
    async undo(operation, _outcome, context) {
      await restoreFile(tools, textInput(operation, 'path'), context)
    },
  }
}

/** Every file of the stack is there as it is to be. */
async function allWritten(tools: OperationTools): Promise<boolean> {
  const { files } = stackOf(tools)
  const present = await Promise.all(files.map(({ path }) => readFileIfExists(join(tools.workingDir, path))))
  return files.every(({ content }, index) => present[index] === content)
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

/** Writes files of a running ingress and has it take them up; a failure of the reload puts the former ones back. */
export function ingressReload(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      for (const path of textList(operation, 'paths')) await replaceFile(tools, path, context)
      await reloadIngress(tools, operation)
      return {}
    },
    async undo(operation, _outcome, context) {
      for (const path of textList(operation, 'paths')) await restoreFile(tools, path, context)
      await reloadIngress(tools, operation)
    },
  }
}

async function replaceFile(tools: OperationTools, path: string, context: OperationContext): Promise<void> {
  const file = stackOf(tools).files.find((one) => one.path === path)
  if (file === undefined)
    throw new DdalabError('UNEXPECTED', `The plan names file "${path}", which the stack does not have`)
  await keepFormer(tools, path, context)
  await writeStackFile(tools, path, file.content, file.secret)
}

/** Writes a file of the stack, readable by its owner alone where it holds secrets. */
export async function writeStackFile(
  { workingDir }: OperationTools,
  path: string,
  content: string,
  secret: boolean,
): Promise<void> {
  const target = join(workingDir, path)
  await makeDirectory(dirname(target))
  await writeFileAtomic(target, content, { mode: secret ? PRIVATE : PUBLIC })
}

/**
 * The former file is kept before it changes, or a mark that there was none: here and not in the journal, because `.env`
 * holds secrets. `step` tells one change of a file from the next in the same run.
 */
export async function keepFormer(
  tools: OperationTools,
  path: string,
  { run }: OperationContext,
  step = '',
): Promise<void> {
  const backup = backupPath(tools, run, path, step)
  await makeDirectory(dirname(backup), 0o700)
  if ((await exists(`${backup}.absent`)) || (await exists(backup))) return
  const kept = await keepAside(join(tools.workingDir, path), backup)
  if (!kept) await writeFileAtomic(`${backup}.absent`, '', { mode: PRIVATE })
}

/** Takes no space: the disk may be full, and that is why. */
export async function restoreFile(
  tools: OperationTools,
  path: string,
  { run }: OperationContext,
  step = '',
): Promise<void> {
  const target = join(tools.workingDir, path)
  const backup = backupPath(tools, run, path, step)
  if (await exists(`${backup}.absent`)) await rm(target, { force: true })
  else await putBack(backup, target)
}

async function exists(path: string): Promise<boolean> {
  return (await readFileIfExists(path)) !== undefined
}

/** One flat name per path, so that no path of the stack can lead out of the backup directory. */
function backupPath({ backupDir }: OperationTools, run: string, path: string, step: string): string {
  return join(backupDir, run, createHash('sha256').update(`${step}:${path}`).digest('hex').slice(0, 24))
}
