import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

/** A document for people: its path from the root of the repository, and its text. */
export interface Document {
  readonly file: string
  readonly text: string
}

export function read(file: string): Document {
  return { file, text: readFileSync(join(ROOT, file), 'utf8') }
}

export const documents: readonly Document[] = [
  'README.md',
  ...globSync('docs/*.md', { cwd: ROOT }).map((file) => file.replaceAll('\\', '/')),
]
  .toSorted()
  .map(read)

/** The section under a heading of the second level, without it. */
export function section({ file, text }: Document, heading: string): string {
  const [, after] = text.split(`\n## ${heading}\n`)
  if (after === undefined) throw new Error(`${file} has no heading "${heading}"`)
  return after.split('\n## ')[0] ?? ''
}

/** The rows of the tables in a text, heads and rules left out: the cells of each. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const isHead = /^\|[-:| ]+\|$/.test(lines[index + 1] ?? '')
    if (!line.startsWith('|') || isHead || /^\|[-:| ]+\|$/.test(line)) return []
    return [
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    ]
  })
}

/** Fenced blocks with the language that they name. */
export function codeBlocks({ text }: Document): readonly { readonly language: string; readonly code: string }[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }))
}

/** What stands in backticks within a line of text. */
export function inlineCode({ text }: Document): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}
