import { type Operation, operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import type { Observation, ObservedImage } from '../observation.ts'
import { type PlanResult, planDeploy } from './deploy-plan.ts'

/** The images with which a release ran, and what the engine has of them. */
export interface ReleasedImages {
  /** The engine's id of the image, by service. */
  readonly ids: { readonly [service: string]: string }
  /** By id; null when the engine has no such image any more. */
  readonly held: { readonly [id: string]: ObservedImage | null }
}

export interface MissingImage {
  readonly service: string
  readonly reference: string
}

export interface RollbackPlan extends PlanResult {
  /** Images that containers have to be made of and that are gone. With any of them the plan cannot be carried out. */
  readonly missing: readonly MissingImage[]
}

/**
 * The plan that brings back the stack of a release with exactly the images that it ran with. Nothing is pulled: a tag that
 * names another image now, or none, is pointed to the release's image first, so that a deploy of the same config has nothing
 * to do afterwards. What was healthy before is not watched once it is healthy again: service first. Pure.
 */
export function planRollback(stack: Stack, observation: Observation, images: ReleasedImages): RollbackPlan {
  const wanted = wantedImages(stack, observation, images)
  const { plan, problems, warnings } = planDeploy(
    stack,
    { ...observation, images: wanted },
    { action: 'rollback', watch: false },
  )
  const moved = Object.entries(wanted).flatMap(([reference, image]) =>
    image === null || isByDigest(reference) || observation.images[reference]?.id === image.id
      ? []
      : [tagStep(reference, image.id, observation.images[reference]?.id ?? null)],
  )
  const made = new Set(
    plan.operations.filter(({ kind }) => kind === 'container.create').map(({ input }) => input.service),
  )
  const missing = Object.values(stack.services).filter(({ name, image }) => made.has(name) && wanted[image] === null)
  return {
    plan: withTags(plan, stack, moved),
    // Told as missing images, in words for a rollback.
    problems: problems.filter(({ code }) => code !== 'IMAGE_NOT_FOUND'),
    warnings,
    missing: missing.map(({ name, image }) => ({ service: name, reference: image })),
  }
}

/** By reference of the stack, what it named in the release; null when that is gone. */
function wantedImages(stack: Stack, observation: Observation, { ids, held }: ReleasedImages): Observation['images'] {
  const wanted = Object.values(stack.services).map(({ name, image }): [string, ObservedImage | null] => {
    const present = observation.images[image] ?? null
    const id = ids[name]
    // A digest is the image itself, but the engine finds it by that name only as long as it has the name.
    if (id === undefined || isByDigest(image)) return [image, present]
    return [image, held[id] ?? null]
  })
  return Object.fromEntries(wanted)
}

const isByDigest = (reference: string) => reference.includes('@')

function tagStep(reference: string, image: string, former: string | null): Operation {
  return {
    id: operationId('image.tag', reference),
    kind: 'image.tag',
    resource: `image ${reference}`,
    cause: former === null ? 'the tag is gone' : 'the tag names another image now',
    effect: `tag ${shortId(image)}, as in the release`,
    phase: 'apply',
    after: [],
    input: { reference, image, former },
  }
}

const shortId = (image: string) => image.replace(/^sha256:/, '').slice(0, 12)

/** Containers are made when the tags are right. */
function withTags(plan: Plan, stack: Stack, tags: readonly Operation[]): Plan {
  const operations = plan.operations.map((operation): Operation => {
    const image = stack.services[String(operation.input.service)]?.image
    const tag = operation.kind === 'container.create' ? tags.find(({ input }) => input.reference === image) : undefined
    return tag === undefined ? operation : { ...operation, after: [...operation.after, tag.id] }
  })
  return { ...plan, operations: [...tags, ...operations] }
}
