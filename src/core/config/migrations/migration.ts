/** A config before it is validated: the root of a document is a section. */
export interface ConfigData {
  readonly [key: string]: unknown
}

/** One step between two neighbouring versions of the schema. Pure; `down(up(x))` is x. */
export interface Migration {
  readonly from: string
  readonly to: string
  readonly description: string
  /** Top-level keys that exist from `to` on. */
  readonly adds: readonly string[]
  readonly up: (config: ConfigData) => ConfigData
  readonly down: (config: ConfigData) => ConfigData
}

/** The config without these keys. */
export function omit(config: ConfigData, keys: readonly string[]): ConfigData {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)))
}
