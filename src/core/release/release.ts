import type { EnvironmentName } from '../config/environments.ts'

/** The image that a service ran in a release. */
export interface ReleasedImage {
  readonly reference: string
  /** The engine's id: enough to find the image again on this host (rule 18). */
  readonly imageId: string
  /** `repository@sha256:...`, undefined for an image that no registry knows. */
  readonly digest?: string
}

/** The record of a committed change: what is recorded was healthy when the verdict fell. */
export interface Release {
  /** `r-0001`, counted from 1 for each instance. */
  readonly id: string
  /** Of the stack's main image: its tag. */
  readonly version: string
  /** ISO 8601. */
  readonly deployedAt: string
  readonly deployedBy: string
  readonly command: string
  /** What made it: `deploy`, `update`, `rollback`. Records of earlier programs lack it. */
  readonly action?: string
  /** Of a rollback: the release whose state it brought back. */
  readonly of?: string
  readonly images: { readonly [service: string]: ReleasedImage }
  /** The config that it was made from: the SHA-256 of the file, and its number in the history (null: it is in none). */
  readonly config?: { readonly sha256: string; readonly history: number | null }
  /** SHA-256 of its stack. */
  readonly stack?: string
  /** The environment that it was deployed for. */
  readonly environment?: EnvironmentName
  /** What it did to the data cannot be taken back by running an earlier release (rule 12). */
  readonly irreversible?: true
  /** The backup of the data as this release left it, made before the next one was begun; restored when one goes back to it. */
  readonly dataBackup?: string
  /** It cannot be gone back to any more: its images and its stack are no longer kept. */
  readonly rollbackPoint?: false
}

/** The id that follows the newest release. */
export function nextReleaseId(releases: readonly Release[]): string {
  const newest = Number(releases.at(-1)?.id.slice(2) ?? 0)
  return `r-${String(newest + 1).padStart(4, '0')}`
}

/** The images of releases, each once. */
export function imagesOf(releases: readonly Release[]): readonly ReleasedImage[] {
  const images = releases.flatMap((release) => Object.values(release.images))
  return [...new Map(images.map((image) => [image.imageId, image])).values()]
}
