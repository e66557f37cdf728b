import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { Instance, type InstanceOptions } from '../faults/support/instance.ts'
import { docker, serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { publish } from './publish.ts'
import { twoServices } from './two-services.ts'

/** An instance that is updated from the registry again and again: a page behind Caddy, and a store that stops first. */
export class Updated {
  readonly instance: Instance
  /** How its engine calls its repository. */
  readonly #name: string
  readonly #repository: string
  readonly #builder: string
  #published = 0

  private constructor(instance: Instance, name: string, repository: string, builder: string) {
    this.instance = instance
    this.#name = name
    this.#repository = repository
    this.#builder = builder
  }

  /** Deployed on an engine. `builder`: the engine of the lab on which its versions are built. */
  static async on(
    host: string,
    builder: string,
    options: Pick<InstanceOptions, 'home' | 'env' | 'settings'> & { readonly registry?: string } = {},
  ): Promise<Updated> {
    const repository = `updated-${randomUUID().slice(0, 8)}`
    await publish(builder, repository, '1.0.0')
    const { settings = [], registry = lab.registry.address, ...rest } = options
    const own = ['ssl.enabled=false', 'ingress.type=caddy', `images.caddy=${labImages.caddy}`]
    const image = `docker.image=${registry}/${repository}:1.0.0`
    const instance = await Instance.on(host, {
      ...rest,
      template: 'fronted',
      files: twoServices({ web: '300ms', store: '300ms' }),
      settings: [...own, image, ...settings],
    })
    const updated = new Updated(instance, `${registry}/${repository}`, repository, builder)
    await instance.succeed('deploy')
    await updated.expectWhole()
    return updated
  }

  /** A version that is not installed yet. */
  async publish(): Promise<string> {
    this.#published += 1
    const version = `1.0.${this.#published}`
    await publish(this.#builder, this.#repository, version)
    return version
  }

  /** All of one version: what runs, what the config names, what is recorded; nothing is left over, and nothing to be done. Answers the version. */
  async expectWhole(): Promise<string> {
    const { instance } = this
    const { data } = await instance.answer('status')
    expect(data).toMatchObject({ state: 'healthy', operation: null })
    const { version } = data.release
    await serves(instance.port, `version ${version}\n`)
    const running = await instance.project.containers()
    expect(running.filter((line) => / running /.test(line)).map((line) => line.split(' ')[0])).toEqual(
      ['caddy-1', 'store-1', 'web-1'].map((name) => `${instance.name}-${name}`),
    )
    expect(data.services.map(({ image }: { readonly image: string }) => image).join()).toContain(`:${version}`)
    await instance.expectTidy()
    expect(await instance.answer('plan')).toMatchObject({ data: { changes: 0, problems: [] } })
    return version
  }

  /** The steps of an update, as their ids begin: what is counted or dated comes after that. */
  async steps(): Promise<readonly string[]> {
    const version = await this.publish()
    const { data } = await this.instance.answer('update', version, '--dry-run')
    const ids: readonly string[] = data.change.plan.operations.map(({ id }: { readonly id: string }) => id)
    return ids.map((id) => (/^(data\.backup|release\.record|image\.pull):/.exec(id) ?? [id])[0])
  }

  /** The ids of the backups; none is damaged. */
  async backups(): Promise<readonly string[]> {
    const { data } = await this.instance.answer('backup list')
    expect(data.damaged ?? []).toEqual([])
    return data.backups.map(({ id }: { readonly id: string }) => id)
  }

  /** Every backup that is listed is whole. */
  async expectBackups(): Promise<void> {
    for (const id of await this.backups()) await this.instance.succeed('backup verify', id)
  }

  /** Everything goes, also the images. */
  async remove(): Promise<void> {
    await this.instance.remove()
    const images = await docker(this.#builder, 'images', '-q', this.#name)
    if (images !== '') await docker(this.#builder, 'rmi', '-f', ...new Set(images.split('\n')))
  }
}
