import {
  DEFAULT_TEMPLATE,
  decodeConfig,
  getPath,
  identityStore,
  isSealed,
  openConfigText,
  parseDocument,
  readConfigBytes,
  unseal,
} from '../../config/index.ts'
import type { Template } from '../../stack/index.ts'
import { findTemplate } from '../find-template.ts'
import { type InstancePlace, locateInstance, noInstance } from '../open.ts'
import { sealConfig } from '../seal-config.ts'
import type { Target, World } from '../world.ts'

/** A config as it is, for whoever is to change its text. */
export interface ConfigText {
  readonly file: string
  readonly text: string
  /** As much as can be read of it. */
  readonly data: unknown
  readonly template: Template
}

/** A config and what it would become: valid, with its secrets encrypted. Nothing has been written. */
export interface PreparedChange {
  readonly place: InstancePlace
  /** The bytes of the file as they were read. */
  readonly former: Uint8Array
  readonly formerText: string
  readonly text: string
  readonly template: Template
  readonly warnings: readonly string[]
}

/**
 * Reads the config, has its text changed, encrypts what is secret in it and judges the result.
 * Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*, SECRETS_*, IDENTITY_*.
 */
export async function prepareChange(
  world: World,
  target: Target,
  change: (config: ConfigText) => string | Promise<string>,
): Promise<PreparedChange> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const former = await readConfigBytes(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const formerText = decodeConfig(former, file)
  const document = parseDocument(formerText, file)
  const identities = identityStore(world.environment)
  const unsealed = isSealed(document.data) ? await unseal(document, await identities.load()) : undefined
  world.hide(unsealed?.values.map(({ value }) => String(value)) ?? [])

  const changed = await change({
    file,
    text: formerText,
    data: document.data,
    template: await templateOf(world, document.data),
  })
  const template = await templateOf(world, parseDocument(changed, file).data)
  const { text } = await sealConfig(world, file, changed, template, unsealed)
  const opened = await openConfigText(text, file, identities)
  world.hide(opened.secretValues)
  return {
    place,
    former,
    formerText,
    text,
    template,
    warnings: opened.warnings.map(({ message }) => message),
  }
}

/** The template that a config names; of one that names none, the default one. */
async function templateOf(world: World, data: unknown): Promise<Template> {
  const name = getPath(data, ['template'])
  return findTemplate(world, typeof name === 'string' ? name : DEFAULT_TEMPLATE)
}
