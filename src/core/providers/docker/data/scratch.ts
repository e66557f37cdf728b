import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../../../errors.ts'
import type { Engine } from '../client/index.ts'
import { createLabelled, scratchName } from './helper.ts'
import type { DataContext, DataCopy, DataEvidence, DataPart } from './part.ts'
import { countPostgres, loadPostgres } from './postgres.ts'
import { runScript } from './script.ts'

/** Restores a dump into a database of its own, of the same image. Roles of the real one are not there, and not needed. */
export async function rehearsePostgres(
  engine: Engine,
  part: DataPart,
  copy: DataCopy,
  context: DataContext,
): Promise<DataEvidence> {
  const { user, database, password } = part.variables
  // It is reachable by nobody, and gone in a moment.
  const environment = [`${user}=ddalab`, `${database}=ddalab`, `${password}=ddalab`]
  return withScratch(engine, part, { Env: environment }, context, undefined, async (container) => {
    const own = { ...part, container }
    // Over TCP: while the image makes the database, its server answers on the socket only.
    await answers(engine, container, 'pg_isready -q -h 127.0.0.1 -U ddalab', context.signal)
    await loadPostgres(engine, own, copy, context, '--no-owner --no-privileges')
    return countPostgres(engine, own, context.signal)
  })
}

const KEYS = `redis-cli --raw INFO keyspace | tr -d '\\r' | sed -n 's/^db[0-9]*:keys=\\([0-9]*\\),.*/\\1/p'`
const SERVER = [
  'redis-server',
  '--dir',
  '/tmp',
  '--dbfilename',
  'ddalab.rdb',
  '--save',
  '',
  '--appendonly',
  'no',
  '--bind',
  '127.0.0.1',
]

/** Starts a server of the same image on a dump. */
export async function rehearseRedis(
  engine: Engine,
  part: DataPart,
  { source, bytes }: DataCopy,
  context: DataContext,
): Promise<DataEvidence> {
  const prepare = async (container: string) => {
    const { pack } = await import('./tar.ts')
    const tar = pack()
    const written = pipeline(source, tar.entry({ name: 'ddalab.rdb', size: bytes, mode: 0o644 })).then(
      () => tar.finalize(),
      (thrown: Error) => {
        tar.destroy(thrown)
        throw thrown
      },
    )
    await Promise.all([written, engine.containers.putArchive(container, '/tmp', Readable.from(tar))])
  }
  return withScratch(engine, part, { Entrypoint: SERVER, Cmd: [] }, context, prepare, async (container) => {
    // While it loads it answers, and says LOADING.
    await answers(engine, container, 'redis-cli ping | grep -q PONG', context.signal)
    const said = await runScript(engine, container, 'count the keys', KEYS, [], { signal: context.signal })
    const keys = said.split('\n').reduce((sum, line) => sum + Number(line), 0)
    return { keys }
  })
}

/** A container of the part's image with volumes of its own; without network and ports. Removed at the end, whatever happens. */
async function withScratch<T>(
  engine: Engine,
  part: DataPart,
  body: { readonly Env?: readonly string[]; readonly Entrypoint?: readonly string[]; readonly Cmd?: readonly string[] },
  { label }: DataContext,
  prepare: ((container: string) => Promise<void>) | undefined,
  use: (container: string) => Promise<T>,
): Promise<T> {
  const [image = ''] = part.images
  const own = { ...body, Image: image, Healthcheck: { Test: ['NONE'] }, HostConfig: { NetworkMode: 'none' } }
  const id = await createLabelled(engine, scratchName(label, part), own, label)
  try {
    await prepare?.(id)
    await engine.containers.start(id)
    return await use(id)
  } finally {
    await engine.containers.remove(id, { force: true, volumes: true })
  }
}

/** ms until a server in a scratch container has to be there: the making of a database takes seconds, also on a slow disk. */
const PATIENCE = 120_000
const STEP = 250

async function answers(engine: Engine, container: string, question: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    try {
      await runScript(engine, container, 'reach the scratch server', question, [], { signal })
      return
    } catch (thrown) {
      if (signal.aborted || Date.now() >= deadline) throw thrown
      const running = (await engine.containers.inspect(container))?.State.Running === true
      if (!running) throw new DdalabError('OPERATION_FAILED', 'The scratch server ended by itself.', { cause: thrown })
      await setTimeout(STEP, undefined, { signal })
    }
  }
}
