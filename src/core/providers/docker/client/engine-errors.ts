import { DdalabError, type ErrorCode, systemCode } from '../../../errors.ts'
import { HttpError } from './transport.ts'

interface Known {
  readonly says: RegExp
  readonly code: ErrorCode
  readonly hint: string
}

/** The engine's messages, 20.10 to 28, that have a meaning of their own. The first that fits wins. */
const KNOWN: readonly Known[] = [
  {
    says: /port is already allocated|address already in use|failed to bind host port|ports are not available/i,
    code: 'PORT_TAKEN',
    hint: 'Stop what holds the port, or choose another one in the configuration.',
  },
  {
    says: /bind(?:ing)?[^:]*: permission denied|cannot expose privileged port/i,
    code: 'PORT_PRIVILEGED',
    hint: 'A rootless engine may not open low ports: choose one from 1024 up, or lower net.ipv4.ip_unprivileged_port_start.',
  },
  {
    says: /no space left on device|disk quota exceeded/i,
    code: 'DISK_FULL',
    hint: "Free space on the engine's disk: `docker system df` shows what takes it.",
  },
  {
    says: /non-overlapping IPv4 address pool|pool overlaps with other one|predefined address pools have been fully subnetted/i,
    code: 'ADDRESS_POOL_EXHAUSTED',
    hint: "Remove unused networks (`docker network prune`), or add pools to `default-address-pools` in the engine's daemon.json.",
  },
  {
    says: /container name .* is already in use|network with name .* already exists|volume .* already exists/i,
    code: 'NAME_TAKEN',
    hint: 'Rename or remove what has the name, or choose another instance name.',
  },
  {
    says: /has active endpoints/i,
    code: 'NETWORK_IN_USE',
    hint: 'Disconnect the containers of others from the network first: `docker network inspect` names them.',
  },
  {
    says: /does not match the (?:specified|detected host) platform|no matching manifest for|cannot be used on this platform|image operating system .* cannot|does not (?:provide|match) the (?:specified )?platform/i,
    code: 'IMAGE_WRONG_PLATFORM',
    hint: "Use an image for the engine's own platform, or set `platform` where emulation is wanted.",
  },
  {
    says: /no such image|manifest (?:for .* )?(?:not found|unknown)|name unknown|repository .* not found|reference does not exist/i,
    code: 'IMAGE_NOT_FOUND',
    hint: 'Check the name and the tag, and that the registry has it.',
  },
  {
    says: /unauthorized|authentication required|no basic auth|access (?:to the resource is )?denied|denied: |incorrect username or password|toomanyrequests|pull rate limit|HTTP 40[13] response|403 forbidden/i,
    code: 'REGISTRY_DENIED',
    hint: 'Log in with `docker login REGISTRY` as the user who runs ddalab, and check that this user may pull the image.',
  },
  {
    says: /no such container/i,
    code: 'CONTAINER_NOT_FOUND',
    hint: 'It was removed meanwhile: run `ddalab plan` to see what is there now.',
  },
  {
    says: /container \S+ is (?:not running|paused|restarting)/i,
    code: 'PRECONDITION_FAILED',
    hint: 'See its state with `ddalab status`, and start it with `ddalab start`.',
  },
  {
    says: /bind source path does not exist|invalid mount config for type "bind"/i,
    code: 'BIND_SOURCE_MISSING',
    hint: 'Create the path on the host of the engine.',
  },
  {
    says: /client version .* is too old/i,
    code: 'PRECONDITION_FAILED',
    hint: 'The engine is newer than this ddalab knows: update ddalab.',
  },
]

const GONE = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ENOENT',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
])

/**
 * Anything a call to the engine threw, as a DdalabError. `doing` completes "Could not ...": `create container ddalab-web-1`.
 * A broken connection is ENGINE_GONE, and what became of the call is unknown (rule 32).
 */
export function describeEngineError(thrown: unknown, doing: string): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  if (thrown instanceof HttpError) return describeEngineMessage(thrown.message, doing, thrown)
  const aborted = abortError(thrown, doing)
  if (aborted !== undefined) return aborted
  if (GONE.has(systemCode(thrown) ?? '')) {
    return new DdalabError('ENGINE_GONE', `The connection to the Docker engine broke: could not ${doing}`, {
      hint: 'See whether the engine runs (`ddalab doctor`), then run the same command again: it goes on from what is there.',
      cause: thrown,
    })
  }
  const words = thrown instanceof Error ? thrown.message : String(thrown)
  return new DdalabError('OPERATION_FAILED', `Could not ${doing}: ${words}`, { cause: thrown })
}

/** The same for words of the engine that came without an HTTP error: a line of a pull, the error of a start. */
export function describeEngineMessage(message: string, doing: string, cause?: unknown): DdalabError {
  const words = message.replace(/^Error response from daemon: /, '').trim()
  const known = KNOWN.find(({ says }) => says.test(words))
  return new DdalabError(known?.code ?? 'OPERATION_FAILED', `Could not ${doing}: ${words}`, {
    ...(known !== undefined && { hint: known.hint }),
    ...(cause !== undefined && { cause }),
  })
}

/** The error of a call that a signal ended: the signal's reason where that is an error of ours (a deadline), or INTERRUPTED. */
export function abortError(thrown: unknown, doing: string): DdalabError | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'AbortError') return undefined
  if (thrown.cause instanceof DdalabError) return thrown.cause
  return new DdalabError('INTERRUPTED', `Stopped: could not ${doing}`)
}

/** The engine's HTTP status, when the error is an answer of the engine. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof HttpError ? thrown.statusCode : undefined
}
