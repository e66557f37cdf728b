import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { describeEngineError, type Engine } from '../client/index.ts'
import { withHelper } from './helper.ts'
import type { DataContext, DataCopy, DataEvidence, DataFacts, DataPart } from './part.ts'

/** Everything in the folder, hidden files as well, and not the folder: it is where the volume is mounted. */
const CLEAR = `cd "$1" && rm -rf -- ..?* .[!.]* *`

/**
 * A tar of the files of a volume, made by the engine: the image needs no tools. What writes to them stands still meanwhile,
 * so that all files are of one moment, as after a power cut, which every database survives.
 */
export async function saveFiles(
  engine: Engine,
  part: DataPart,
  target: Writable,
  context: DataContext,
): Promise<DataFacts> {
  await withHelper(engine, { part, from: part.container }, context, async ({ id }) => {
    try {
      await pause(engine, part)
      const tar = await engine.containers.getArchive(id, `${part.path}/.`, { signal: context.signal })
      await pipeline(tar, target, { end: false, signal: context.signal })
    } catch (thrown) {
      throw target.errored ?? describeEngineError(thrown, `copy the files of ${part.name}`)
    } finally {
      await goOn(engine, [part])
    }
  })
  return {}
}

async function pause({ containers }: Engine, part: DataPart): Promise<void> {
  for (const id of part.pause) {
    // Stopped meanwhile, for a restore.
    if ((await containers.inspect(id))?.State.Running === true) await freeze(id, containers)
  }
}

/** Tries, and ms between them: on a busy machine the kernel may not catch all processes of a container at once. */
const TRIES = 20
const STEP = 250

async function freeze(id: string, containers: Engine['containers']): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await containers.pause(id)
      return
    } catch (thrown) {
      if (left === 1 || !(thrown instanceof Error) || !/unable to freeze/.test(thrown.message)) throw thrown
      await setTimeout(STEP)
    }
  }
}

/** Lets everything go on that was paused; also what is gone, or was never paused. */
export async function goOn({ containers }: Engine, parts: readonly DataPart[]): Promise<void> {
  for (const id of new Set(parts.flatMap(({ pause }) => pause))) {
    const container = await containers.inspect(id)
    if (container?.State.Paused === true) await containers.unpause(id)
  }
}

export async function checkFiles(part: DataPart, { source }: DataCopy): Promise<void> {
  const { tarContents } = await import('./tar.ts')
  await tarContents(source, part.bucket)
}

/** The files of the copy in the place of all that are there, with their owners. Nobody uses them meanwhile. */
export async function loadFiles(
  engine: Engine,
  part: DataPart,
  { source }: DataCopy,
  context: DataContext,
): Promise<void> {
  const helper = { part, from: part.container, script: CLEAR, words: [part.path] }
  await withHelper(engine, helper, context, async ({ id, run }) => {
    await run()
    await put(engine, id, part, source)
  })
}

/** Into a new volume, and out of it again. */
export async function rehearseFiles(
  engine: Engine,
  part: DataPart,
  { source }: DataCopy,
  context: DataContext,
): Promise<DataEvidence> {
  return withHelper(engine, { part }, context, async ({ id }) => {
    await put(engine, id, part, source)
    const { tarContents } = await import('./tar.ts')
    const back = await engine.containers.getArchive(id, `${part.path}/.`, { signal: context.signal })
    return tarContents(back, part.bucket)
  })
}

async function put(engine: Engine, id: string, { path, name }: DataPart, source: DataCopy['source']): Promise<void> {
  try {
    await engine.containers.putArchive(id, path, source)
  } catch (thrown) {
    throw source.errored ?? describeEngineError(thrown, `put the files of ${name} back`)
  }
}
