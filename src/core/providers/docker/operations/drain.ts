import { setTimeout } from 'node:timers/promises'
import type { OperationHandler } from '../../../kernel/handler.ts'
import type { Container } from '../client/index.ts'
import { awaitWell } from './await-healthy.ts'
import { runCommand } from './command.ts'
import { numberInput, type OperationTools, textInput } from './tools.ts'

/** ms between two looks at the connections. */
const INTERVAL = 250
/** So many looks have to find none, soon after each other: while other connections come and go, a listing may leave one out. */
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
  const { engine } = tools
  return {
    async execute(operation, { signal, progress }) {
      const addresses = addressesOf(await engine.containers.inspect(textInput(operation, 'id')))
      const limit = numberInput(operation, 'limit')
      const startedAt = Date.now()
      let found = 0
      for (;;) {
        const open = await connections(tools, textInput(operation, 'ingress'), addresses)
        found = open === 0 ? found + 1 : 0
        if (found === CERTAIN) return { open: 0 }
        if (found > 0) {
          await setTimeout(SOON, undefined, { signal })
          continue
        }
        const elapsed = Date.now() - startedAt
        if (elapsed >= (open === undefined ? Math.min(limit, BLIND) : limit)) return { open: open ?? null }
        progress({ message: open === undefined ? 'letting requests end' : `${open} open connections` })
        await setTimeout(INTERVAL, undefined, { signal })
      }
    },
    async undo(operation, _outcome, { progress }) {
      await awaitWell(tools, textInput(operation, 'id'), progress)
    },
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
    return output.includes(HEAD) ? countConnections(output, addresses) : undefined
  } catch {
    return undefined
  }
}

const HEAD = 'rem_address'
const ESTABLISHED = '01'

/**
 * Prints the head of the tables and the lines that count, no others: of busy hours there are megabytes of connections that were
 * closed a minute ago. That a kernel has no IPv6 does not matter.
 */
function lookUp(addresses: ReadonlySet<string>): readonly string[] {
  const patterns = [HEAD, ...[...addresses].map((address) => `${hexOf(address)}:[0-9A-F]* ${ESTABLISHED} `)]
  return ['grep', '-hs', ...patterns.flatMap((pattern) => ['-e', pattern]), '/proc/net/tcp', '/proc/net/tcp6']
}

/** The other way round than `ipv4`. */
function hexOf(address: string): string {
  const bytes = address.split('.').toReversed()
  return bytes.map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0')).join('')
}

/** The established connections to IPv4 addresses in the form of Linux' `/proc/net/tcp` and `tcp6`. Pure. */
export function countConnections(table: string, addresses: ReadonlySet<string>): number {
  return table.split('\n').filter((line) => {
    const [, , remote = '', state] = line.trim().split(/\s+/)
    return state === ESTABLISHED && addresses.has(ipv4(remote.split(':')[0] ?? ''))
  }).length
}

/** `0200A8C0` is 192.168.0.2, and so are the last eight digits of a mapped IPv6 address. */
function ipv4(hex: string): string {
  return (hex.slice(-8).match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.')
}
