import type { Release, ReleasedImage } from '../../release/index.ts'

export interface ImageChange {
  readonly service: string
  /** Null: the service is not in that release. */
  readonly from: ReleasedImage | null
  readonly to: ReleasedImage | null
}

/** By service, in the order of their names. Pure. */
export function imageChanges(from: Release, to: Release): readonly ImageChange[] {
  const services = [...new Set([...Object.keys(from.images), ...Object.keys(to.images)])].sort()
  return services
    .map((service) => ({ service, from: from.images[service] ?? null, to: to.images[service] ?? null }))
    .filter((change) => change.from?.imageId !== change.to?.imageId)
}
