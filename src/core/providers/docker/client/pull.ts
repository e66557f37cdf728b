import { DdalabError } from '../../../errors.ts'
import { type Decoded, integer, optional, record, text, withDefault } from './decode.ts'
import type { ImageCalls, RegistryAuth } from './engine.ts'
import { describeEngineError, describeEngineMessage } from './engine-errors.ts'
import type { Delay } from './event-hub.ts'
import { jsonLines } from './json-lines.ts'
import { parseReference } from './reference.ts'

/** How far one layer is. Bytes; `total` is 0 where the engine does not say. */
export interface LayerProgress {
  readonly id: string
  readonly status: string
  readonly current: number
  readonly total: number
}

export interface PullOptions {
  /** `os/arch[/variant]`; the engine's own when absent. */
  readonly platform?: string
  readonly auth?: RegistryAuth
  readonly signal?: AbortSignal
  /** Called with all layers whenever one moves. */
  readonly onProgress?: (layers: readonly LayerProgress[]) => void
  /** Waits between attempts. */
  readonly delay: Delay
}

interface Puller {
  readonly images: Pick<ImageCalls, 'pull' | 'inspect'>
}

/** ms before each further attempt when the way to the registry fails. The engine itself retries single layers. */
const RETRIES = [1_000, 3_000]

/**
 * Pulls an image and gives the digest the registry named. What is already here of it is not fetched again.
 * Errors: IMAGE_NOT_FOUND, IMAGE_WRONG_PLATFORM, REGISTRY_DENIED, REGISTRY_UNREACHABLE (after some attempts), DISK_FULL,
 * PULL_FAILED, ENGINE_GONE, INTERRUPTED.
 */
export async function pullImage(engine: Puller, reference: string, options: PullOptions): Promise<string | undefined> {
  for (const pause of [...RETRIES, undefined]) {
    try {
      return await pullOnce(engine, reference, options)
    } catch (thrown) {
      const error = describePullError(thrown, reference)
      if (error.code !== 'REGISTRY_UNREACHABLE' || pause === undefined) throw error
      await options.delay(pause, options.signal).catch((aborted) => {
        throw describePullError(aborted, reference)
      })
    }
  }
  return undefined
}

const lineShape = record({
  status: withDefault(text, ''),
  id: optional(text),
  progressDetail: optional(record({ current: optional(integer), total: optional(integer) })),
  error: optional(text),
  errorDetail: optional(record({ message: optional(text) })),
})

async function pullOnce(
  engine: Puller,
  reference: string,
  { platform, auth, signal, onProgress }: PullOptions,
): Promise<string | undefined> {
  const { name, tagOrDigest } = parseReference(reference)
  const stream = await engine.images.pull(
    { fromImage: name, tag: tagOrDigest, platform },
    { ...(auth !== undefined && { auth }), ...(signal !== undefined && { signal }) },
  )
  const layers = new Map<string, LayerProgress>()
  let digest: string | undefined
  let finished = false
  for await (const document of jsonLines(stream)) {
    const line = lineShape(document, 'pull')
    const failure = line.errorDetail?.message ?? line.error
    // Rule 15: the answer was 200 all the same.
    if (failure !== undefined) throw describePullMessage(failure, reference)
    digest ??= /^Digest: (\S+)/.exec(line.status)?.[1]
    finished ||= line.status.startsWith('Status: ')
    if (noteLayer(layers, line)) onProgress?.([...layers.values()])
  }
  if (!finished) throw brokenOff(reference)
  if (platform !== undefined) await expectPlatform(engine, reference, platform)
  return digest
}

/** Rule 20: of an image that has one platform only, the engine takes what there is, whatever was asked for. */
async function expectPlatform({ images }: Puller, reference: string, platform: string): Promise<void> {
  const image = await images.inspect(reference)
  const got = `${image?.Os}/${image?.Architecture}`
  if (image === undefined || platform === got || platform.startsWith(`${got}/`)) return
  throw new DdalabError('IMAGE_WRONG_PLATFORM', `The image ${reference} is for ${got}, not for ${platform}`, {
    hint: 'Use an image for this platform, or leave `platform` out.',
  })
}

/** Takes in what a line says of a layer; false when it is about the whole image. */
function noteLayer(layers: Map<string, LayerProgress>, line: Decoded<typeof lineShape>): boolean {
  const { id, status, progressDetail } = line
  if (id === undefined || status.startsWith('Pulling from')) return false
  const former = layers.get(id)
  const total = progressDetail?.total ?? former?.total ?? 0
  const done = /^(Pull complete|Already exists|Download complete)$/.test(status)
  const current = done ? total : (progressDetail?.current ?? former?.current ?? 0)
  layers.set(id, { id, status, current, total })
  return true
}

const NETWORK =
  /connection (?:reset|refused)|EOF|time-?out|deadline exceeded|no such host|network is unreachable|no route to host|temporary failure|server misbehaving|server gave HTTP response|x509|tls: |unexpected http status: 5|5\d\d (?:internal|bad gateway|service|gateway)|request canceled|awaiting headers/i

function describePullError(thrown: unknown, reference: string): DdalabError {
  if (thrown instanceof SyntaxError) return brokenOff(reference)
  const error = describeEngineError(thrown, `pull ${reference}`)
  return error.code === 'OPERATION_FAILED' ? describePullMessage(error.message, reference) : error
}

/** The engine's story ended early, in or after a line: nobody knows whether the image is there (rule 32). */
function brokenOff(reference: string): DdalabError {
  return new DdalabError('ENGINE_GONE', `The Docker engine broke off while it pulled ${reference}`, {
    hint: 'See whether the engine runs (`ddalab doctor`), then run the same command again.',
  })
}

function describePullMessage(message: string, reference: string): DdalabError {
  const doing = `pull ${reference}`
  const words = message.replace(/^Could not pull \S+: /, '')
  const error = describeEngineMessage(words, doing)
  if (error.code !== 'OPERATION_FAILED') return error
  const { registry } = parseReference(reference)
  if (NETWORK.test(words)) {
    return new DdalabError('REGISTRY_UNREACHABLE', error.message, {
      hint: `See that the engine's host can reach ${registry} (network, proxy, certificate); nothing that runs was touched.`,
    })
  }
  return new DdalabError('PULL_FAILED', error.message, {
    hint: `Try \`docker pull ${reference}\` on the engine's host; nothing that runs was touched.`,
  })
}
