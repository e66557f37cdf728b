import type { Handlers, OperationId } from '../../kernel/index.ts'
import { redactor } from '../../redact.ts'
import type { Stack } from '../../stack/model.ts'
import { type Delay, type Engine, type EventHub, type FoundCredentials, pullImage } from './client/index.ts'
import { composeHashes } from './compose-hash.ts'
import { composeFile } from './container-body.ts'
import type { EngineFacts } from './observation.ts'
import { dockerHandlers } from './operations/index.ts'
import { pullProgress } from './pull-progress.ts'
import { turns } from './turns.ts'

export interface HandlerOptions {
  /** The wanted stack; undefined for recovery. */
  readonly stack: Stack | undefined
  readonly workingDir: string
  readonly backupDir: string
}

/** What the handlers use of their provider. */
interface ProviderTools {
  readonly engine: Engine
  readonly hub: EventHub
  readonly facts: () => Promise<EngineFacts>
  readonly composePlugin: () => Promise<string | undefined>
  readonly credentials: (reference: string) => Promise<FoundCredentials>
  readonly pause: Delay
}

/** The handlers of every kind of operation on one engine. */
export function handlersOf({ stack, workingDir, backupDir, ...provider }: HandlerOptions & ProviderTools): Handlers {
  const { engine, hub, facts, composePlugin, credentials, pause } = provider
  let hashes: ReturnType<typeof composeHashes> | undefined
  return dockerHandlers({
    engine,
    hub,
    ...(stack !== undefined && { stack }),
    workingDir,
    backupDir,
    redact: redactor(stack?.secretValues ?? []),
    inTurn: turns(async () => Math.max(1, Math.floor((await facts()).cpus / 2))),
    created: new Map<OperationId, string>(),
    composeHashes: () => {
      hashes ??= composePlugin().then((plugin) =>
        stack === undefined ? {} : composeHashes(plugin, composeFile(stack)),
      )
      return hashes
    },
    pull: async (reference, platform, context) => {
      const { auth, warning } = await credentials(reference)
      if (warning !== undefined) context.progress({ message: warning })
      await pullImage(engine, reference, {
        signal: context.signal,
        delay: pause,
        onProgress: (layers) => context.progress(pullProgress(layers)),
        ...(auth !== undefined && { auth }),
        ...(platform !== undefined && { platform }),
      })
    },
  })
}
