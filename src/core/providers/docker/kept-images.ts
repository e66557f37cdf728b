import { DdalabError } from '../../errors.ts'
import { canonicalReference, parseReference as parseFully } from '../../stack/reference.ts'
import { type ContainerSummary, type Engine, type Image, parseReference } from './client/index.ts'
import { COMPOSE, DDALAB } from './labels.ts'
import type { RunningImage } from './provider.ts'

/**
 * Keeps images that nothing runs any more, for rollbacks (rule 17): by a tag of ours, so that a moved tag or
 * `docker image prune` does not take them, and by a container that is never started, because `docker image prune --all`
 * takes what no container holds, whatever its tags. Tag and digests of one repository hold together: a tag in another
 * repository would let `prune --all` take the digest of an image that was pulled by it.
 */
export class KeptImages {
  readonly #engine: Engine
  readonly #instance: string

  constructor(engine: Engine, instance: string) {
    this.#engine = engine
    this.#instance = instance
  }

  /** Images that are gone already are passed over: a rollback tells. */
  async keep(images: readonly RunningImage[]): Promise<void> {
    if (images.length === 0) return
    const containers = await this.#engine.containers.list()
    await Promise.all(images.map((image) => this.#keepOne(image, containers)))
  }

  async release(images: readonly RunningImage[]): Promise<void> {
    await Promise.all(
      images.map(async (image) => {
        await this.#removeHolder(image)
        const tag = this.#tagOf(image)
        const found = await this.#engine.images.inspect(tag)
        // Without its last name the engine deletes an image: one that was built here is not to be had again.
        const isLast = found?.RepoDigests.length === 0 && found.RepoTags.length === 1
        if (found?.Id === image.imageId && !isLast) await this.#engine.images.remove(tag)
      }),
    )
  }

  /** Never by force; never an image that was built here, or that a container or a name of somebody else holds. */
  async remove(images: readonly RunningImage[]): Promise<void> {
    if (images.length === 0) return
    const containers = await this.#engine.containers.list()
    for (const image of images) {
      if (image.digest !== undefined && !containers.some(({ ImageID }) => ImageID === image.imageId))
        await this.#removeOne(image)
    }
  }

  async #keepOne(image: RunningImage, containers: readonly ContainerSummary[]): Promise<void> {
    const found = await this.#engine.images.inspect(image.imageId)
    if (found === undefined) return
    const tag = this.#tagOf(image)
    if ((await this.#engine.images.inspect(tag))?.Id !== image.imageId) {
      const { name, tagOrDigest } = parseReference(tag)
      await this.#engine.images.tag(image.imageId, name, tagOrDigest)
    }
    const isHeld = containers.some(({ ImageID, Labels }) => ImageID === image.imageId && this.#isOurs(Labels))
    if (!isHeld) await this.#createHolder(image, found)
  }

  #isOurs(labels: ContainerSummary['Labels']): boolean {
    return labels[COMPOSE.project] === this.#instance || labels[DDALAB.keeps] === this.#instance
  }

  async #createHolder(image: RunningImage, { Config }: Image): Promise<void> {
    const inherited = Object.keys(Config?.Labels ?? {}).filter((label) => label.startsWith('com.docker.compose.'))
    const body = {
      Image: image.imageId,
      Cmd: ['keeps the image of a rollback point'],
      Labels: {
        // An image that Compose built would make it a container of that project.
        ...Object.fromEntries(inherited.map((label) => [label, ''])),
        [DDALAB.keeps]: this.#instance,
      },
      HostConfig: {
        NetworkMode: 'none',
        // In place of the anonymous volumes that the image asks for.
        Tmpfs: Object.fromEntries(Object.keys(Config?.Volumes ?? {}).map((path) => [path, ''])),
      },
    }
    try {
      await this.#engine.containers.create({ name: this.#holderOf(image), body })
    } catch (thrown) {
      // Made already, by a run that died before it could say so.
      if (!(thrown instanceof DdalabError) || thrown.code !== 'NAME_TAKEN') throw thrown
    }
  }

  async #removeHolder(image: RunningImage): Promise<void> {
    const holder = await this.#engine.containers.inspect(this.#holderOf(image))
    if (holder?.Config.Labels[DDALAB.keeps] === this.#instance)
      await this.#engine.containers.remove(holder.Id, { volumes: true })
  }

  async #removeOne(image: RunningImage): Promise<void> {
    const found = await this.#engine.images.inspect(image.imageId)
    if (found === undefined) return
    const own = canonical(image.reference.split('@')[0] ?? '')
    if (found.RepoTags.some((tag) => canonical(tag) !== own)) return
    for (const name of [...found.RepoTags, ...found.RepoDigests]) await this.#engine.images.remove(name)
  }

  #tagOf({ reference, digest, imageId }: RunningImage): string {
    const named = reference.startsWith('sha256:') ? digest : reference
    const repository = named === undefined ? 'ddalab.local/image' : parseReference(named).name
    return `${repository}:ddalab-keeps-${this.#instance}-${shortId(imageId)}`
  }

  #holderOf({ imageId }: RunningImage): string {
    return `ddalab-keeps-${this.#instance}-${shortId(imageId)}`
  }
}

const shortId = (imageId: string) => imageId.replace(/^sha256:/, '').slice(0, 12)

/** Names that mean the same are the same: `nginx:1` and `docker.io/library/nginx:1`. */
function canonical(name: string): string {
  const reference = parseFully(name)
  return reference === undefined ? name : canonicalReference(reference)
}
