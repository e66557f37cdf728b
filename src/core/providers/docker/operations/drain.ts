import { setTimeout } from 'node:timers/promises'
import type { OperationContext, OperationHandler } from '../../../kernel/handler.ts'
import type { Container } from '../client/index.ts'
import { awaitWell } from './await-healthy.ts'
import { runCommand } from './command.ts'
import { numberInput, type OperationTools, textInput } from './tools.ts'

/** ms between two looks at the connections. */
const INTERVAL = 250
/** So many looks have to find none, soon after each other: a connection that is just being opened is none yet. */
const CERTAIN = 3
const SOON = 40
/** ms that requests get where the connections cannot be counted. */
const BLIND = 10_000

/**
 * Waits until the ingress has no connection to a container any more: the requests in flight have ended. At the limit it goes
 * on all the same; a WebSocket may stay open for days. Its undo waits until the container, started again, is well, so that
 * requests come back to it only then.
 */
export function trafficDrain(tools: OperationTools): OperationHandler {
  return {
    async execute(operation, context) {
      const [ingress, id] = [textInput(operation, 'ingress'), textInput(operation, 'id')]
      const limit = numberInput(operation, 'limit')
      return { open: await drained(tools, { ingress, id, limit, blind: Math.min(limit, BLIND) }, context) }
    },
    async undo(operation, _outcome, { progress }) {
      await awaitWell(tools, textInput(operation, 'id'), progress)
    },
  }
}

interface Drain {
  /** Ids of containers. */
  readonly ingress: string
  readonly id: string
  /** ms that requests get to end. */
  readonly limit: number
  /** The same where connections cannot be counted. */
  readonly blind: number
}

/** Waits until the ingress has no connection to a container, or the limit: the connections that are left, null where nobody knows. */
export async function drained(
  tools: OperationTools,
  { ingress, id, limit, blind }: Drain,
  { signal, progress }: Pick<OperationContext, 'signal' | 'progress'>,
): Promise<number | null> {
  const addresses = addressesOf(await tools.engine.containers.inspect(id))
  const startedAt = Date.now()
  let found = 0
  for (;;) {
    const open = await connections(tools, ingress, addresses)
    found = open === 0 ? found + 1 : 0
    if (found === CERTAIN) return 0
    if (found > 0) {
      await setTimeout(SOON, undefined, { signal })
      continue
    }
    if (Date.now() - startedAt >= (open === undefined ? blind : limit)) return open ?? null
    progress({ message: open === undefined ? 'letting requests end' : `${open} open connections` })
    await setTimeout(INTERVAL, undefined, { signal })
  }
}

function addressesOf(container: Container | undefined): ReadonlySet<string> {
  const networks = Object.values(container?.NetworkSettings.Networks ?? {})
  return new Set(networks.map(({ IPAddress }) => IPAddress).filter((address) => address !== ''))
}

/** Connections of the ingress to these addresses, as its own kernel table lists them; undefined where it cannot be read. */
async function connections(
  { engine }: OperationTools,
  ingress: string,
  addresses: ReadonlySet<string>,
): Promise<number | undefined> {
  if (addresses.size === 0) return 0
  try {
    const { output } = await runCommand(engine, ingress, lookUp(addresses))
    // Without its head the table is not there, or cannot be read.
    if (!output.includes(HEAD)) return undefined
    return output.split('\n').filter((line) => line !== '' && !line.includes(HEAD)).length
  } catch {
    return undefined
  }
}

const HEAD = 'rem_address'
const ESTABLISHED = '01'

/**
 * Prints the heads of Linux' `/proc/net/tcp` and `tcp6` and the lines that count, no others: of busy hours there are megabytes of
 * connections that were closed a minute ago. The state stands behind the remote address. That a kernel has no IPv6 does not
 * matter. Exported for its test.
 */
export function lookUp(
  addresses: ReadonlySet<string>,
  tables = ['/proc/net/tcp', '/proc/net/tcp6'],
): readonly string[] {
  const patterns = [HEAD, ...[...addresses].map((address) => `${hexOf(address)}:[0-9A-F]* ${ESTABLISHED} `)]
  return ['grep', '-hs', ...patterns.flatMap((pattern) => ['-e', pattern]), ...tables]
}

/** 192.168.0.2 is `0200A8C0`, and so are the last eight digits of a mapped IPv6 address. */
function hexOf(address: string): string {
  const bytes = address.split('.').toReversed()
  return bytes.map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('')
}
