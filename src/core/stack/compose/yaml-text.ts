/**
 * Plain data as YAML text that a person can read. Much smaller and faster than a general writer: strings, numbers, booleans, lists
 * and sections are all there is in a Compose file. Texts that could be read as something else are in double quotes.
 */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlTree
export interface YamlTree {
  readonly [key: string]: YamlValue | undefined
}

export function yamlText(tree: YamlTree): string {
  return section(tree, '')
}

function section(tree: YamlTree, indent: string): string {
  return entriesOf(tree)
    .map(([key, value]) => `${indent}${scalar(key)}:${after(value, indent)}`)
    .join('')
}

/** What follows a colon or a dash, with its line break. */
function after(value: YamlValue, indent: string): string {
  const deeper = `${indent}  `
  if (typeof value === 'string' && fitsBlock(value)) return ` |\n${block(value, deeper)}`
  if (value === null || typeof value !== 'object') return ` ${scalar(value)}\n`
  if (isList(value)) {
    if (value.length === 0) return ' []\n'
    return `\n${value.map((item) => `${deeper}-${listItem(item, deeper)}`).join('')}`
  }
  return entriesOf(value).length === 0 ? ' {}\n' : `\n${section(value, deeper)}`
}

/** A list item; the first key of a section stands on the line of the dash. */
function listItem(value: YamlValue, indent: string): string {
  const isSection = value !== null && typeof value === 'object' && !isList(value) && entriesOf(value).length > 0
  return isSection ? ` ${section(value, `${indent}  `).trimStart()}` : after(value, indent)
}

function entriesOf(tree: YamlTree): readonly (readonly [string, YamlValue])[] {
  return Object.entries(tree).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
}

function isList(value: object): value is readonly YamlValue[] {
  return Array.isArray(value)
}

const PLAIN = /^(?:[A-Za-z_/.][\w./@-]*(?::[\w./@-]+)*)$/
const NOT_A_TEXT = /^(?:true|false|yes|no|on|off|y|n|null|\.|\.inf|\.nan|\.[0-9_.]+(?:e[0-9]+)?)$/i

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  return PLAIN.test(value) && !NOT_A_TEXT.test(value) ? value : JSON.stringify(value)
}

/** True for texts of several lines that a block keeps as they are. */
function fitsBlock(text: string): boolean {
  return (
    /^[^\s][^\r\t]*[^\s]\n$/.test(text) && text.trimEnd().includes('\n') && !/[^\n\x20-\x7e\u00a1-\ud7ff]/.test(text)
  )
}

function block(text: string, indent: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '\n' : `${indent}${line}\n`))
    .join('')
}
