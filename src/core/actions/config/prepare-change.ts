import {
  DEFAULT_TEMPLATE,
  decodeConfig,
  getPath,
  identityStore,
  isSealed,
  openConfigText,
  parseDocument,
  readConfigBytes,
  type Unsealed,
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
  /** Its secrets; undefined where it is not sealed. */
  readonly unsealed: Unsealed | undefined
  readonly template: Template
}

/** A new text. `sealedFrom`: the sealed text that it was made from, when that is not what the file is now. */
export interface NewText {
  readonly text: string
  readonly sealedFrom?: string
}

export type ConfigEdit = (config: ConfigText) => NewText | Promise<NewText>

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
export async function prepareChange(world: World, target: Target, edit: ConfigEdit): Promise<PreparedChange> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const bytes = await readConfigBytes(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const formerText = decodeConfig(bytes, file)
  const { data } = parseDocument(formerText, file)
  const identities = identityStore(world.environment)
  const open = async (sealed: string) => {
    const document = parseDocument(sealed, file)
    const unsealed = isSealed(document.data) ? await unseal(document, await identities.load()) : undefined
    world.hide(unsealed?.values.map(({ value }) => String(value)) ?? [])
    return unsealed
  }

  const present = await open(formerText)
  const changed = await edit({
    file,
    text: formerText,
    data,
    unsealed: present,
    template: await templateOf(world, data),
  })
  const template = await templateOfText(world, changed.text, file)
  const former = changed.sealedFrom === undefined ? present : await open(changed.sealedFrom)
  const { text } = await sealConfig(world, file, changed.text, template, former)
  const opened = await openConfigText(text, file, identities)
  world.hide(opened.secretValues)
  return {
    place,
    former: bytes,
    formerText,
    text,
    template,
    warnings: opened.warnings.map(({ message }) => message),
  }
}

/** The template of the text of a config. Errors: TEMPLATE_*. */
export function templateOfText(world: World, text: string, file: string): Promise<Template> {
  return templateOf(world, parseDocument(text, file).data)
}

/** The template that a config names; of one that names none, the default one. */
async function templateOf(world: World, data: unknown): Promise<Template> {
  const name = getPath(data, ['template'])
  return findTemplate(world, typeof name === 'string' ? name : DEFAULT_TEMPLATE)
}
