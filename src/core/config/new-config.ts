import { Document, isMap, isScalar } from 'yaml'
import { isTree, type Path } from './path.ts'
import type { Config } from './schema.ts'
import { descriptionAt, keysAt } from './schema-walk.ts'

/** The file beside the config into which `init` writes `jsonSchema()`, so that editors complete and check the config. */
export const SCHEMA_FILE = 'deployment-config.schema.json'

/** The text of a new config file: in the order of the schema, with its descriptions as comments. */
export function newConfigText(config: Config): string {
  const document = new Document(inOrder(config, []))
  document.commentBefore = ` yaml-language-server: $schema=./${SCHEMA_FILE}`
  for (const [index, { key }] of (isMap(document.contents) ? document.contents.items : []).entries()) {
    if (!isScalar(key)) continue
    const description = descriptionAt([String(key.value)])
    if (description !== undefined) key.commentBefore = ` ${description}`
    key.spaceBefore = index > 0
  }
  return document.toString({ lineWidth: 0, singleQuote: true })
}

function inOrder(value: unknown, path: Path): unknown {
  if (!isTree(value)) return value
  const known = keysAt(path)
  const keys = [...known.filter((key) => key in value), ...Object.keys(value).filter((key) => !known.includes(key))]
  return Object.fromEntries(
    keys.filter((key) => value[key] !== undefined).map((key) => [key, inOrder(value[key], [...path, key])]),
  )
}
