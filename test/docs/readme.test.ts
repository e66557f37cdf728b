import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/ui/cli/exit-codes.ts'
import { readManifest, visibleCommands } from '../../src/ui/cli/manifest.ts'
import { ddalabLines, mistakeIn } from './command-line.ts'
import { codeBlocks, documents, inlineCode, ROOT, read, section, tableRows } from './documents.ts'

const README = read('README.md')
const manifest = readManifest(ROOT)
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

describe('the README', () => {
  it('has every exit code with its meaning, in words of the program', () => {
    const rows = tableRows(section(README, 'Exit codes')).map(([code, meaning]) => ({ code: Number(code), meaning }))
    expect(rows).toEqual(exitCodes())
  })

  it('has every command that there is, and none that there is not', () => {
    const rows = tableRows(section(README, 'Commands')).map(([command = '']) => command.replaceAll('`', ''))
    expect(rows.toSorted()).toEqual(visibleCommands(manifest).toSorted())
  })
})

describe.each(documents)('$file', (document) => {
  const code = [
    ...codeBlocks(document).flatMap(({ language, code }) => (language === 'sh' ? code.split('\n') : [])),
    ...inlineCode(document),
  ]

  it('names commands and flags that exist', () => {
    const lines = code.flatMap(ddalabLines).filter((words) => words.length > 0)
    const mistakes = lines.flatMap((words) => {
      const mistake = mistakeIn(words, manifest)
      return mistake === undefined ? [] : [`ddalab ${words.join(' ')}: ${mistake}`]
    })
    expect(mistakes).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const named = code.flatMap((line) => [...line.matchAll(/npm run ([\w-]+)/g)].map(([, script = '']) => script))
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
  })

  it('links to what is there', () => {
    const links = [...document.text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links
      .filter((link) => !/^\w+:/.test(link))
      .filter((link) => !existsSync(join(ROOT, dirname(document.file), link.split('#')[0] ?? '')))
    expect(broken).toEqual([])
  })
})

it('a hint of the program names commands that exist', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT })
  const commands = new Set(Object.keys(manifest.commands).flatMap((id) => [id.replace(':', ' '), id.split(':')[0]]))
  const unknown = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/[`"]ddalab ([a-z]+)(?: ([a-z]+))?/g)].flatMap(
      ([text, first = '', second = '']) => {
        const topic = Object.keys(manifest.commands).some((id) => id.startsWith(`${first}:`))
        return commands.has(topic && second !== '' ? `${first} ${second}` : first) ? [] : [`${file}: ${text}`]
      },
    ),
  )
  expect(unknown).toEqual([])
})

it('pictures show nothing of the machine on which they were made', () => {
  const pictures = globSync('docs/pictures/*.svg', { cwd: ROOT })
  expect(pictures.length).toBeGreaterThan(0)
  for (const picture of pictures) {
    expect(readFileSync(join(ROOT, picture), 'utf8')).not.toMatch(/\/(?:root|home|tmp|work|Users)\//)
  }
})
