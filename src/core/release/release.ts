/** The image that a service ran in a release. */
export interface ReleasedImage {
  readonly reference: string
  /** The engine's id: enough to find the image again on this host (rule 18). */
  readonly imageId: string
  /** `repository@sha256:...`, undefined for an image that no registry knows. */
  readonly digest?: string
}

/** The record of a committed change. */
export interface Release {
  /** `r-0001`, counted from 1 for each instance. */
  readonly id: string
  /** Of the stack's main image: its tag. */
  readonly version: string
  /** ISO 8601. */
  readonly deployedAt: string
  readonly deployedBy: string
  readonly command: string
  readonly images: { readonly [service: string]: ReleasedImage }
  /** The config that it was made from: the SHA-256 of the file, and its number in the history (null: it is in none). */
  readonly config?: { readonly sha256: string; readonly history: number | null }
}

/** The id that follows the newest release. */
export function nextReleaseId(releases: readonly Release[]): string {
  const newest = Number(releases.at(-1)?.id.slice(2) ?? 0)
  return `r-${String(newest + 1).padStart(4, '0')}`
}
