import type { World } from '../../core/actions/world.ts'
import { type Redact, redactData, redactor } from '../../core/redact.ts'

/** A world for reading on behalf of the screen: nothing is written across it, and no secret is in what is shown. */
export interface QuietWorld {
  readonly world: World
  /** The data without the secrets that were met so far. */
  readonly safe: <T>(data: T) => T
  /** The same for many texts: those that were met before it is asked for. */
  readonly redact: () => Redact
}

/** The world until this signal fires, too. */
export function quietWorld(world: World, signal: AbortSignal): QuietWorld {
  const secrets = new Set<string>()
  return {
    world: {
      ...world,
      signal: AbortSignal.any([world.signal, signal]),
      sink: { emit: () => undefined },
      hide: (values) => {
        for (const value of values) secrets.add(value)
        world.hide(secrets)
      },
    },
    redact: () => redactor(secrets),
    safe: (data) => redactData(data, redactor(secrets)),
  }
}
