import { parse } from 'yaml'
import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import { parseReference } from '../../stack/reference.ts'
import { words } from './http.ts'
import { readVersion } from './versions.ts'

const imageShape = z
  .object({
    reference: z.string().refine((text) => parseReference(text) !== undefined, 'an image reference'),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'),
    size: z.int().positive().optional(),
  })
  // A reference that says another digest would run something else than what was signed.
  .refine(({ reference, digest }) => [undefined, digest].includes(parseReference(reference)?.digest), {
    path: ['reference'],
    message: 'the same digest as below',
  })

const releaseShape = z.object({
  version: z.string().refine((text) => readVersion(text) !== undefined, 'a version such as 1.4.2'),
  notes: z.string().max(100_000).optional(),
  images: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'names of services'), imageShape)
    .refine((images) => Object.keys(images).length > 0, 'at least one image'),
  /** The version of the config that it needs at least. */
  config: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as 3.0.0')
    .optional(),
  mandatory: z.boolean().default(false),
  irreversible: z.boolean().default(false),
})
/** One release, a list of them, or the list under `releases`. What else stands there is for others. */
const manifestShape = z.union([
  z.object({ releases: z.array(releaseShape).min(1) }).transform(({ releases }) => releases),
  z.array(releaseShape).min(1),
  releaseShape.transform((release) => [release]),
])

export type ManifestRelease = z.output<typeof releaseShape>

/**
 * The releases of a manifest, JSON or YAML, in the order they are written. `name` is for messages. Nothing of it may be used
 * before its signature is verified. Errors: MANIFEST_INVALID with every place.
 */
export function readManifestText(text: string, name: string): readonly ManifestRelease[] {
  const data = dataOf(text, name)
  const chosen = Array.isArray(data)
    ? manifestShape.options[1]
    : hasReleases(data)
      ? manifestShape.options[0]
      : manifestShape.options[2]
  const parsed = chosen.safeParse(data)
  if (!parsed.success) {
    const details = parsed.error.issues.map(({ path, message }) =>
      words(`${path.join('.') || 'the whole'}: ${message}`),
    )
    throw invalid(name, 'it is no list of releases', details)
  }
  const twice = parsed.data.find(
    ({ version }, index, all) => all.findIndex((other) => other.version === version) !== index,
  )
  if (twice !== undefined) throw invalid(name, `it has ${twice.version} twice`, [])
  return parsed.data
}

function hasReleases(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'releases' in data
}

function dataOf(text: string, name: string): unknown {
  try {
    return parse(text)
  } catch (thrown) {
    throw invalid(name, 'it is neither JSON nor YAML', [words(thrown instanceof Error ? thrown.message : '')])
  }
}

function invalid(name: string, why: string, details: readonly string[]): DdalabError {
  return new DdalabError('MANIFEST_INVALID', `The release manifest ${name} cannot be used: ${why}`, {
    hint: 'Tell who publishes it; nothing was changed.',
    ...(details.length > 0 && { details: details.slice(0, 20) }),
  })
}
