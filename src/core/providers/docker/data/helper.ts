import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../../../errors.ts'
import type { ApiBody, Engine } from '../client/index.ts'
import { DDALAB } from '../labels.ts'
import type { DataContext, DataPart } from './part.ts'

export interface HelperRequest {
  readonly part: DataPart
  /** The container whose volumes and folders it sees, at the same places; absent: a new volume at the part's path. */
  readonly from?: string
  /** What `run` does in it, as root; `words` are $1, $2, ... */
  readonly script?: string
  readonly words?: readonly string[]
}

export interface Helper {
  readonly id: string
  /** Runs the script to its end. Errors: OPERATION_FAILED. */
  run(): Promise<void>
}

/**
 * A container without network and ports that sees the files of another one: the engine copies in and out of it without it
 * ever running. It is removed at the end, whatever happens; what a killed process left is found by the label.
 */
export async function withHelper<T>(
  engine: Engine,
  request: HelperRequest,
  context: DataContext,
  use: (helper: Helper) => Promise<T>,
): Promise<T> {
  const { part, from } = request
  // Without a script nothing of the image is used, so that its own will always do.
  const images = request.script === undefined ? part.images.slice(0, 1) : part.images
  for (const [index, image] of images.entries()) {
    const name = `${scratchName(context.label, part, from === undefined ? OWN : SHARING)}-${index}`
    const id = await createLabelled(engine, name, bodyOf(request, image), context.label)
    try {
      return await use({ id, run: () => runToEnd(engine, id, part) })
    } catch (thrown) {
      if (!(thrown instanceof NoShell) || index === images.length - 1) throw thrown
    } finally {
      await engine.containers.remove(id, { force: true, volumes: from === undefined })
    }
  }
  throw new DdalabError('OPERATION_FAILED', `No image of the stack can make a helper for ${part.name}.`)
}

/** By its name it is known whether the volumes of a helper are its own. */
const SHARING = 'ddalab-files'
const OWN = 'ddalab-scratch'

/** A name for something made under the label; unique, because the label names the run. */
export function scratchName(label: string, { name }: DataPart, prefix = OWN): string {
  return `${prefix}-${name}-${label.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}`
}

function bodyOf({ part, from, script = ':', words = [] }: HelperRequest, image: string) {
  return {
    Image: image,
    Entrypoint: ['sh', '-c', script, 'sh', ...words],
    Cmd: [],
    User: '0',
    Healthcheck: { Test: ['NONE'] },
    ...(from === undefined && part.path !== '' && { Volumes: { [part.path]: {} } }),
    HostConfig: { NetworkMode: 'none', ...(from !== undefined && { VolumesFrom: [from] }) },
  }
}

/** Tries, and ms between them: the engine may still be busy with what a killed process asked it for. */
const TRIES = 40
const STEP = 250

/** A container whose name and label are of this step alone: what goes by that name was made for the same step, by a killed process. */
export async function createLabelled(engine: Engine, name: string, body: ApiBody, label: string): Promise<string> {
  const request = { name, body: { ...body, Labels: { [DDALAB.operation]: label } } }
  for (let left = TRIES; ; left -= 1) {
    try {
      const { id } = await engine.containers.create(request)
      return id
    } catch (thrown) {
      if (left === 1 || !(thrown instanceof DdalabError) || thrown.code !== 'NAME_TAKEN') throw thrown
      // The engine gives a name away before it lists whom to.
      await removeLabelled(engine, label)
      await setTimeout(STEP)
    }
  }
}

/** The image has no shell: another one may. */
class NoShell extends DdalabError {}

async function runToEnd({ containers }: Engine, id: string, { service }: DataPart): Promise<void> {
  try {
    await containers.start(id)
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : ''
    if (!/executable file not found|no such file or directory/.test(words)) throw thrown
    throw new NoShell('OPERATION_FAILED', `The image of ${service} has no shell.`, { cause: thrown })
  }
  const exitCode = await containers.wait(id)
  if (exitCode === 0) return
  throw new DdalabError('OPERATION_FAILED', `Could not clear the files of ${service}: it ended with code ${exitCode}.`)
}

/** Removes every container that bears the label, with the volumes that were made for it. */
export async function removeLabelled({ containers }: Engine, label: string): Promise<void> {
  for (const { Id, Names } of await containers.list({ labels: { [DDALAB.operation]: label } })) {
    await containers.remove(Id, { force: true, volumes: Names.every((name) => name.startsWith(`/${OWN}-`)) })
  }
}
