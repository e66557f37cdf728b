import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DdalabError } from '../../../errors.ts'
import type { Engine } from '../client/index.ts'
import { withHelper } from './helper.ts'
import type { DataContext, DataCopy, DataFacts, DataPart } from './part.ts'
import { runScript } from './script.ts'
import type { TarHeader } from './tar.ts'

/** redis-cli reads its password from REDISCLI_AUTH; $1 is the variable that has it in this container. */
const CONNECT = `eval "password=\\\${$1:-}"; if [ -n "$password" ]; then REDISCLI_AUTH=$password; export REDISCLI_AUTH; fi\n`

const SETTINGS = ['dir', 'dbfilename', 'appendonly', 'appendfilename', 'appenddirname'] as const

/** \`redis-cli\` says errors on stdout and ends with 0: an answer that is not of two lines is none. */
const FACTS = `${CONNECT}
for setting in ${SETTINGS.join(' ')}; do redis-cli --raw CONFIG GET "$setting" || exit; echo; done
redis-cli --raw INFO server | tr -d '\\r' | grep '^redis_version:'`

/**
 * A dump is a replica's first copy. Redis waits some seconds for more replicas before it begins: not for us. The setting is
 * put back also when we are gone by then.
 */
const DUMP = `${CONNECT}
delay=$(redis-cli --raw CONFIG GET repl-diskless-sync-delay | sed -n 2p)
redis-cli CONFIG SET repl-diskless-sync-delay 0 >/dev/null
redis-cli --rdb -
code=$?
if [ -n "$delay" ]; then redis-cli CONFIG SET repl-diskless-sync-delay "$delay" >/dev/null; fi
exit $code`
const CHECK = `redis-check-rdb /dev/stdin; code=$?; cat >/dev/null; exit $code`

/** What Redis reads at its start, all of it: whatever was there would come before the copy. */
const CLEAR = `cd "$1" && rm -rf -- "$2" "$3" "$4"`

export async function saveRedis(
  engine: Engine,
  part: DataPart,
  target: Writable,
  { signal }: DataContext,
): Promise<DataFacts> {
  const facts = await redisFacts(engine, part, signal)
  const trim = withoutMark()
  const copied = pipeline(trim, target, { end: false })
  // Looked at below.
  copied.catch(() => undefined)
  await runScript(engine, part.container, `dump ${part.service}`, DUMP, [part.variables.password], {
    stdout: trim,
    signal,
  })
  trim.end()
  await copied
  return facts
}

async function redisFacts(engine: Engine, part: DataPart, signal: AbortSignal): Promise<DataFacts> {
  const doing = `ask ${part.service} where it keeps its data`
  const said = await runScript(engine, part.container, doing, FACTS, [part.variables.password], { signal })
  const lines = said.split('\n')
  const settings = SETTINGS.map((name) => {
    const at = lines.indexOf(name)
    return [name, at < 0 ? '' : (lines[at + 1] ?? '')] as const
  })
  const version = /^redis_version:(.*)$/m.exec(said)?.[1] ?? ''
  const facts: DataFacts = { ...Object.fromEntries(settings), version }
  if (facts.dir && facts.dbfilename && facts.appendonly && version !== '') return facts
  throw new DdalabError('OPERATION_FAILED', `Could not ${doing}.`, {
    hint: 'It must answer CONFIG GET. Where it has a password, its container needs REDISCLI_AUTH, or the template says in which variable it is.',
    details: lines.filter((line) => /^(NOAUTH|WRONGPASS|ERR|NOPERM)/.test(line)),
  })
}

const MARK = 40

/**
 * Takes off what Redis sends behind a dump that it makes on the fly: 40 hexadecimal digits. A dump itself ends with 0xFF and
 * a checksum of 8 bytes, so that there is no doubt.
 */
function withoutMark(): Transform {
  let held: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([held, chunk])
      held = all.subarray(Math.max(0, all.length - MARK))
      done(null, all.subarray(0, all.length - held.length))
    },
    flush(done) {
      const isMark =
        held.length === MARK && held.every((byte) => (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))
      done(null, isMark ? undefined : held)
    },
  })
}

export async function checkRedis(
  engine: Engine,
  part: DataPart,
  { source }: DataCopy,
  { signal }: DataContext,
): Promise<void> {
  await runScript(engine, part.container, `read the dump of ${part.service}`, CHECK, [], { stdin: source, signal })
}

/**
 * Puts a dump where the Redis of the stopped container finds it. With \`appendonly yes\` it does not look at its dump file but
 * at the append-only file, whose base is a dump as well: a directory with a manifest since Redis 7, one file before.
 * \`now\` is how it is set up now, which may be another way than when the copy was made.
 */
export async function loadRedis(
  engine: Engine,
  part: DataPart,
  { source, bytes }: DataCopy,
  now: DataFacts,
  context: DataContext,
): Promise<void> {
  const { dir = '', dbfilename = '', appendfilename = '', appenddirname = '' } = now
  // A name that is not set must not become the directory itself.
  const clear = [dir, dbfilename, appendfilename || dbfilename, appenddirname || dbfilename]
  const helper = { part, from: part.container, script: CLEAR, words: clear }
  await withHelper(engine, helper, context, async ({ id, run }) => {
    const { firstHeader } = await import('./tar.ts')
    const owner = await firstHeader(await engine.containers.getArchive(id, dir, { signal: context.signal }))
    await run()
    await fill(source, bytes, now, owner, (tar) => engine.containers.putArchive(id, dir, tar))
  })
}

/** The tar of the files in which Redis looks for its data, owned by whom its directory belongs to. */
async function fill(
  source: Readable,
  bytes: number,
  now: DataFacts,
  { uid = 0, gid = 0 }: TarHeader,
  put: (tar: Readable) => Promise<void>,
): Promise<void> {
  const { pack } = await import('./tar.ts')
  const tar = pack()
  const { folder, base, manifest } = filesOf(now)
  const write = async () => {
    const own = { uid, gid, mode: 0o600 }
    if (folder !== undefined) tar.entry({ name: folder, type: 'directory', uid, gid, mode: 0o755 })
    if (manifest !== undefined) tar.entry({ name: manifest.name, ...own }, manifest.content)
    await pipeline(source, tar.entry({ name: base, size: bytes, ...own }))
    tar.finalize()
  }
  const written = write().catch((thrown: Error) => {
    tar.destroy(thrown)
    throw thrown
  })
  // First what broke the tar, not what the engine said to it.
  await Promise.all([written, put(Readable.from(tar))])
}

/** Where a dump goes so that a Redis that is set up like this reads it at its start. Pure. */
export function filesOf(facts: DataFacts): {
  readonly folder?: string
  readonly base: string
  readonly manifest?: { readonly name: string; readonly content: string }
} {
  const { dbfilename = '', appendonly, appendfilename = '', appenddirname = '', version = '' } = facts
  if (appendonly !== 'yes') return { base: dbfilename }
  if (Number.parseInt(version, 10) < 7) return { base: appendfilename }
  const base = `${appendfilename}.1.base.rdb`
  return {
    folder: appenddirname,
    base: `${appenddirname}/${base}`,
    manifest: { name: `${appenddirname}/${appendfilename}.manifest`, content: `file ${base} seq 1 type b\n` },
  }
}
