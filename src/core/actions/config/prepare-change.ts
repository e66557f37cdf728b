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
  type UnsealOptions,
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
  /** Another one, by its name. Errors: TEMPLATE_*. */
  readonly findTemplate: (name: string) => Promise<Template>
}

/** A new text. `sealedFrom`: the sealed text that it was made from, when that is not what the file is now. */
export interface NewText {
  readonly text: string
  readonly sealedFrom?: string
  /** What the person should know about it. */
  readonly warnings?: readonly string[]
}

/** Makes the new text from what there is; or is a whole text of its own, whatever there is. */
export type ConfigEdit = ((config: ConfigText) => NewText | Promise<NewText>) | { readonly replacement: string }

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
 * `options`: how the present text is opened. Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*, SECRETS_*, IDENTITY_*.
 */
export async function prepareChange(
  world: World,
  target: Target,
  edit: ConfigEdit,
  options: UnsealOptions = {},
): Promise<PreparedChange> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const former = await readConfigBytes(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const made =
    typeof edit === 'function' ? await edited(world, file, former, edit, options) : await replaced(world, file, edit)
  const template = await templateOfText(world, made.text, file)
  const { text } = await sealConfig(world, file, made.text, template, made.sealedBy)
  const opened = await openConfigText(text, file, identityStore(world.environment))
  world.hide(opened.secretValues)
  return {
    place,
    former,
    formerText: new TextDecoder().decode(former),
    text,
    template,
    warnings: [...made.warnings, ...opened.warnings.map(({ message }) => message)],
  }
}

/** A text that is to be sealed, and how it was sealed before. */
interface Made {
  readonly text: string
  readonly sealedBy: Unsealed | undefined
  readonly warnings: readonly string[]
}

async function edited(
  world: World,
  file: string,
  former: Uint8Array,
  edit: (config: ConfigText) => NewText | Promise<NewText>,
  options: UnsealOptions,
): Promise<Made> {
  const text = decodeConfig(former, file)
  const { data } = parseDocument(text, file)
  const unsealed = await open(world, file, text, options)
  const made = await edit({
    ...{ file, text, data, unsealed },
    template: await templateOf(world, data),
    findTemplate: (name) => findTemplate(world, name),
  })
  return {
    text: made.text,
    warnings: made.warnings ?? [],
    sealedBy: made.sealedFrom === undefined ? unsealed : await open(world, file, made.sealedFrom),
  }
}

async function replaced(world: World, file: string, { replacement }: { readonly replacement: string }): Promise<Made> {
  return { text: replacement, sealedBy: await open(world, file, replacement), warnings: [] }
}

async function open(
  world: World,
  file: string,
  text: string,
  options: UnsealOptions = {},
): Promise<Unsealed | undefined> {
  const document = parseDocument(text, file)
  if (!isSealed(document.data)) return undefined
  const unsealed = await unseal(document, await identityStore(world.environment).load(), options)
  world.hide(unsealed.values.map(({ value }) => String(value)))
  return unsealed
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
