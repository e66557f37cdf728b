import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import type { Registry } from './registry.ts'
import type { Descriptor } from './registry-manifest.ts'

/** The public key in a PEM text: ECDSA P-256 (what cosign makes), Ed25519 or RSA. Undefined for anything else. */
export function readCosignKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
    const isGood =
      type === 'ed25519' ||
      (type === 'ec' && details?.namedCurve === 'prime256v1') ||
      (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048)
    return isGood && !pem.includes('PRIVATE') ? key : undefined
  } catch {
    return undefined
  }
}

/**
 * Holds when an image is signed with this key, by `cosign sign --key`: in the form of cosign 3 (a Sigstore bundle that refers to
 * the image) or in that of the versions before (`sha256-<hex>.sig`). One good signature is enough; others may be of others.
 * `digest` is that of the index or image which is pulled. Errors: SIGNATURE_MISSING, SIGNATURE_INVALID, those of the registry.
 */
export async function verifyImage(registry: Registry, digest: string, pem: string): Promise<void> {
  const image = `${registry.name}@${digest}`
  const key = readCosignKey(pem)
  if (key === undefined) throw invalid(image, 'updates.cosignKey is no public key of a kind that cosign uses')
  let seen = 0
  for (const find of [bundles, simpleSignatures]) {
    for (const claim of await find(registry, digest)) {
      seen += 1
      if (claim.names === digest && (await holds(claim, key))) return
    }
  }
  if (seen > 0) throw invalid(image, 'no signature on it is of updates.cosignKey and for this digest')
  throw new DdalabError('SIGNATURE_MISSING', `The image ${image} has no cosign signature`, {
    hint: 'Tell who publishes it. Where images are not signed, take out updates.cosignKey.',
  })
}

/** What somebody says of an image, and the proof. */
interface Claim {
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  /** The digest that it is about; undefined when it is about something else. */
  readonly names: string | undefined
}

/** With Ed25519 keys cosign signs a hash (Ed25519ph, RFC 8032), which OpenSSL does not offer to Node, and did not always. */
async function holds({ signed, signature }: Claim, key: KeyObject): Promise<boolean> {
  if (key.asymmetricKeyType !== 'ed25519') return verify('sha256', signed, key, signature)
  if (signature.byteLength !== 64) return false
  if (verify(null, signed, key, signature)) return true
  const { ed25519ph } = await import('@noble/curves/ed25519.js')
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32)
  return ed25519ph.verify(signature, signed, raw)
}

const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle[.+]/
const SIGNATURE = 'dev.cosignproject.cosign/signature'

const bundleShape = z.object({
  dsseEnvelope: z.object({
    payload: z.base64(),
    payloadType: z.string(),
    signatures: z.array(z.object({ sig: z.base64() })),
  }),
})
const statementShape = z.object({
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
  // Attestations (an SBOM) are bundles as well, and say nothing of whether the image is released.
  predicateType: z.literal('https://sigstore.dev/cosign/sign/v1'),
})

/** https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md: DSSE envelopes with an in-toto statement. */
async function bundles(registry: Registry, digest: string): Promise<readonly Claim[]> {
  const found: Claim[] = []
  for (const { digest: referrer } of most(await registry.referrers(digest))) {
    const manifest = await registry.manifest(referrer)
    for (const layer of manifest?.layers ?? []) {
      if (!BUNDLE.test(layer.mediaType)) continue
      const { data } = bundleShape.safeParse(json(await registry.blob(layer)))
      if (data === undefined) continue
      const { payload, payloadType, signatures } = data.dsseEnvelope
      const content = Buffer.from(payload, 'base64')
      const statement = statementShape.safeParse(json(content)).data
      const names = statement?.subject
        .map((subject) => `sha256:${subject.digest.sha256}`)
        .find((name) => name === digest)
      const signed = preAuthentication(payloadType, content)
      found.push(...signatures.map(({ sig }) => ({ signed, signature: Buffer.from(sig, 'base64'), names })))
    }
  }
  return found
}

/** What a DSSE signature is over: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function preAuthentication(type: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${content.length} `), content])
}

const simpleShape = z.object({
  critical: z.object({
    type: z.literal('cosign container image signature'),
    image: z.object({ 'docker-manifest-digest': z.string() }),
  }),
})

/** https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md: one layer for each signature. */
async function simpleSignatures(registry: Registry, digest: string): Promise<readonly Claim[]> {
  const manifest = await registry.manifest(`${digest.replace(':', '-')}.sig`)
  const found: Claim[] = []
  for (const layer of most(manifest?.layers ?? [])) {
    const signature = layer.annotations?.[SIGNATURE]
    if (signature === undefined) continue
    const signed = await registry.blob(layer)
    const names = simpleShape.safeParse(json(signed)).data?.critical.image['docker-manifest-digest']
    found.push({ signed, signature: Buffer.from(signature, 'base64'), names })
  }
  return found
}

/** Anybody who may push may add; nobody is to keep us busy for ever. */
function most(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  return descriptors.slice(0, 100)
}

function json(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString())
  } catch {
    return undefined
  }
}

function invalid(image: string, why: string): DdalabError {
  return new DdalabError('SIGNATURE_INVALID', `The image ${image} is not trusted: ${why}`, {
    hint: "It is not used. Compare updates.cosignKey with the publisher's key.",
  })
}
