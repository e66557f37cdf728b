/**
 * The exit codes of the command line: documented in the README, stable, one meaning each.
 */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  notFound: 3,
  precondition: 4,
  rolledBack: 5,
  rollbackFailed: 6,
  locked: 7,
  unhealthy: 8,
  timedOut: 9,
  changesPending: 10,
  interrupted: 130,
} as const

/** Every way in which `ddalab` refuses or fails, with the exit code that a script sees. */
const CODES = {
  UNEXPECTED: EXIT.unexpected,

  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  CONFIG_UNREADABLE: EXIT.usage,
  CONFIG_TOO_NEW: EXIT.usage,
  CONFIG_EXISTS: EXIT.usage,
  CONFIG_UNEDITABLE: EXIT.usage,
  SECRET_MISSING: EXIT.usage,
  SECRETS_MALFORMED: EXIT.usage,
  SECRETS_UNSUPPORTED: EXIT.usage,
  TEMPLATE_INVALID: EXIT.usage,
  INTERPOLATION_FAILED: EXIT.usage,
  IMPORT_INVALID: EXIT.usage,
  IMPORT_SEVERAL: EXIT.usage,
  CONFIRMATION_REQUIRED: EXIT.usage,
  INPUT_REQUIRED: EXIT.usage,

  INSTANCE_NOT_FOUND: EXIT.notFound,
  CONFIG_NOT_FOUND: EXIT.notFound,
  TEMPLATE_NOT_FOUND: EXIT.notFound,
  SERVICE_NOT_FOUND: EXIT.notFound,
  SETTING_NOT_FOUND: EXIT.notFound,
  CONTAINER_NOT_FOUND: EXIT.notFound,
  BACKUP_NOT_FOUND: EXIT.notFound,
  ROLLBACK_POINT_NOT_FOUND: EXIT.notFound,
  IMPORT_NOT_FOUND: EXIT.notFound,
  VERSION_NOT_FOUND: EXIT.notFound,
  MANIFEST_NOT_FOUND: EXIT.notFound,

  ENGINE_UNREACHABLE: EXIT.precondition,
  ENGINE_FORBIDDEN: EXIT.precondition,
  ENGINE_GONE: EXIT.precondition,
  ENGINE_TOO_OLD: EXIT.precondition,
  CONFIG_CHANGED: EXIT.precondition,
  CONTEXT_INVALID: EXIT.precondition,
  NAME_TAKEN: EXIT.precondition,
  PORT_TAKEN: EXIT.precondition,
  PORT_PRIVILEGED: EXIT.precondition,
  DISK_FULL: EXIT.precondition,
  FILE_NOT_WRITABLE: EXIT.precondition,
  FILE_NOT_READABLE: EXIT.precondition,
  JOURNAL_DAMAGED: EXIT.precondition,
  IDENTITY_MISSING: EXIT.precondition,
  IDENTITY_INVALID: EXIT.precondition,
  IDENTITY_UNSAFE: EXIT.precondition,
  SECRETS_TAMPERED: EXIT.precondition,
  SECRETS_MAC_MISSING: EXIT.precondition,
  SECRETS_MAC_WRONG: EXIT.precondition,
  BACKUP_DAMAGED: EXIT.precondition,
  BIND_SOURCE_MISSING: EXIT.precondition,
  IMPORT_REFUSED: EXIT.precondition,
  VOLUME_CHANGED: EXIT.precondition,
  VOLUME_IN_USE: EXIT.precondition,
  NETWORK_IN_USE: EXIT.precondition,
  ADDRESS_POOL_EXHAUSTED: EXIT.precondition,
  IMAGE_NOT_FOUND: EXIT.precondition,
  IMAGE_WRONG_PLATFORM: EXIT.precondition,
  REGISTRY_UNREACHABLE: EXIT.precondition,
  REGISTRY_DENIED: EXIT.precondition,
  PULL_FAILED: EXIT.precondition,
  REGISTRY_INVALID: EXIT.precondition,
  DIGEST_MISMATCH: EXIT.precondition,
  MANIFEST_UNREACHABLE: EXIT.precondition,
  MANIFEST_INVALID: EXIT.precondition,
  SIGNATURE_MISSING: EXIT.precondition,
  SIGNATURE_INVALID: EXIT.precondition,
  UPDATE_DOWNGRADE: EXIT.precondition,
  UPDATE_OUT_OF_ORDER: EXIT.precondition,
  UPDATE_QUARANTINED: EXIT.precondition,
  HOOK_FAILED: EXIT.rolledBack,
  PROGRAM_TOO_OLD: EXIT.precondition,
  PROGRAM_DAMAGED: EXIT.precondition,
  PROGRAM_WRONG_PLATFORM: EXIT.precondition,
  SELF_UPDATE_REFUSED: EXIT.precondition,
  RELEASES_UNREACHABLE: EXIT.precondition,
  PLAN_STALE: EXIT.precondition,
  ROLLBACK_IMAGE_MISSING: EXIT.precondition,
  ROLLBACK_REFUSED: EXIT.precondition,
  RELEASE_DAMAGED: EXIT.precondition,
  PRECONDITION_FAILED: EXIT.precondition,

  OPERATION_FAILED: EXIT.rolledBack,
  ROLLBACK_FAILED: EXIT.rollbackFailed,
  LOCKED: EXIT.locked,
  UNHEALTHY: EXIT.unhealthy,
  CONTAINER_EXITED: EXIT.unhealthy,
  TIMED_OUT: EXIT.timedOut,
  INTERRUPTED: EXIT.interrupted,
} as const

export type ErrorCode = keyof typeof CODES

/** A place in a file, lines and columns counted from 1. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** One finding among several: what is wrong, where, and what to do about it. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly place?: Place
}

export interface ErrorOptions {
  /** What to do now, one sentence. */
  readonly hint?: string
  /** Commands worth running next. */
  readonly nextSteps?: readonly string[]
  readonly place?: Place
  /** When several things are wrong at once they are told at once. */
  readonly problems?: readonly Problem[]
  /** Evidence: the last lines of a container's log, the output of its health check. */
  readonly details?: readonly string[]
  readonly exit?: number
  readonly cause?: unknown
}

/** What `--json` and the journal keep of an error. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly exit: number
  readonly message: string
  readonly hint?: string
  readonly nextSteps?: readonly string[]
  readonly place?: Place
  readonly problems?: readonly Problem[]
  readonly details?: readonly string[]
}

/** The one error class of the project. The message says what happened to what. */
export class DdalabError extends Error {
  override readonly name = 'DdalabError'
  readonly code: ErrorCode
  readonly exit: number
  readonly options: ErrorOptions

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.exit = options.exit ?? CODES[code]
    this.options = options
  }

  /** The error as plain data, without stack and cause. */
  toData(): ErrorData {
    const { hint, nextSteps, place, problems, details } = this.options
    return {
      code: this.code,
      exit: this.exit,
      message: this.message,
      ...(hint !== undefined && { hint }),
      ...(nextSteps !== undefined && { nextSteps }),
      ...(place !== undefined && { place }),
      ...(problems !== undefined && { problems }),
      ...(details !== undefined && { details }),
    }
  }
}

/** One error for a list of problems: the single problem itself, or a summary that carries all of them. */
export function problemsError(problems: readonly [Problem, ...Problem[]], summary: string): DdalabError {
  const [first, ...rest] = problems
  if (rest.length === 0) {
    return new DdalabError(first.code, first.message, {
      ...(first.hint !== undefined && { hint: first.hint }),
      ...(first.place !== undefined && { place: first.place }),
    })
  }
  return new DdalabError(first.code, `${summary}: ${problems.length} problems`, { problems })
}

/** Anything thrown, as a DdalabError; what we did not foresee is UNEXPECTED (a bug of ours). */
export function toDdalabError(thrown: unknown): DdalabError {
  if (thrown instanceof DdalabError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new DdalabError('UNEXPECTED', message, {
    cause: thrown,
    hint: 'This is a bug in ddalab. Run again with --debug and report the output.',
  })
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, ...), or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}
