import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import {
  configSchema,
  ENVIRONMENTS,
  formatPath,
  getPath,
  isSecretSchemaPath,
  type Path,
} from '../src/core/config/index.ts'
import { descriptionAt } from '../src/core/config/schema-walk.ts'
import { loadTemplate, type Template } from '../src/core/stack/index.ts'

const ROOT = join(import.meta.dirname, '..')
const FILE = join(ROOT, 'docs', 'config.md')
const BEGIN = '<!-- settings: written by scripts/config-reference.ts -->'
const END = '<!-- settings: end -->'

interface Setting {
  readonly path: Path
  /** A table of free names: `images.NAME`. */
  readonly free: boolean
  readonly expected: string
  readonly description: string
}

/** docs/config.md with the table of all settings, from the schema and the defaults of the template ddalab. */
export async function configDocument(): Promise<string> {
  const text = readFileSync(FILE, 'utf8')
  const [before = '', rest = ''] = text.split(BEGIN)
  const after = rest.split(END)[1] ?? ''
  const template = await loadTemplate(join(ROOT, 'templates', 'ddalab'))
  // What an environment may say is the rest of the table again: one row for that.
  const rows = settingsOf(configSchema.omit({ environments: true }), []).map((setting) => row(setting, template))
  const table = ['| setting | value | default | what it is |', '|---|---|---|---|', ...rows, environmentsRow()].join(
    '\n',
  )
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`
}

function settingsOf(schema: z.core.$ZodType, path: Path): readonly Setting[] {
  if (schema instanceof z.ZodOptional) return settingsOf(schema.unwrap(), path)
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, child]: [string, z.core.$ZodType]) =>
      settingsOf(child, [...path, key]),
    )
  }
  const free = schema instanceof z.ZodRecord
  const value = free ? schema.valueType : schema
  if (value instanceof z.ZodObject) return settingsOf(value, [...path, 'NAME'])
  return [
    {
      path,
      free,
      expected: expectation(value),
      description: descriptionAt(path) ?? '',
    },
  ]
}

/** What a field says that it wants, asked with something that nothing wants. */
function expectation(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => `\`${value}\``).join(' or ')
  const message = z.safeParse(schema, Symbol('nothing')).error?.issues[0]?.message ?? ''
  const items = schema instanceof z.ZodArray ? expectation(schema.element) : undefined
  return items === undefined ? message : `${message} of: ${items}`
}

function row({ path, free, expected, description }: Setting, { defaults }: Template): string {
  const secret = isSecretSchemaPath(free ? [...path, 'NAME'] : path) ? ' Secret.' : ''
  const usual = free ? undefined : getPath(defaults.all, path)
  const environments = free
    ? []
    : ENVIRONMENTS.flatMap((environment) => {
        const value = getPath(defaults[environment], path)
        return value === undefined ? [] : [`${environment}: ${shown(value)}`]
      })
  const values = [...(usual === undefined ? [] : [shown(usual)]), ...environments].join(', ')
  const name = formatPath(free ? [...path, 'NAME'] : path)
  const cells = [`\`${name}\``, expected, values, `${description}${secret}`]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('  ', ' ')
}

function environmentsRow(): string {
  const names = ENVIRONMENTS.join(', ')
  const what = descriptionAt(['environments'])
  return `| \`environments.NAME\` | ${names}: each a section of the settings above, but \`template\` and \`environment\` | | ${what} |`
}

function shown(value: unknown): string {
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(FILE, await configDocument())
