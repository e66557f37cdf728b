import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configDocument } from '../../scripts/config-reference.ts'
import { parseConfig, resolveConfig } from '../../src/core/config/index.ts'
import { readComposeFile } from '../../src/core/stack/compose/index.ts'
import { compile, loadTemplate } from '../../src/core/stack/index.ts'
import { codeBlocks, ROOT, read, tableRows } from './documents.ts'

describe('docs/config.md', () => {
  it('has every setting of the schema (else: npm run docs)', async () => {
    expect(read('docs/config.md').text).toBe(await configDocument())
  })

  it('shows configs that are valid', () => {
    const examples = codeBlocks(read('docs/config.md')).filter(({ language }) => language === 'yaml')
    expect(examples.length).toBeGreaterThan(2)
    for (const { code } of examples) expect(parseConfig(code, 'docs/config.md').document.config.version).toBe('3.0.0')
  })
})

describe('docs/templates.md', () => {
  it('shows a template that works', async () => {
    const [compose, metadata] = codeBlocks(read('docs/templates.md')).filter(({ language }) => language === 'yaml')
    const home = await mkdtemp(join(tmpdir(), 'ddalab-docs-'))
    onTestFinished(() => rm(home, { recursive: true, force: true }))
    const folder = join(home, 'notes')
    await mkdir(folder)
    await writeFile(join(folder, 'compose.yml'), compose?.code ?? '')
    await writeFile(join(folder, 'template.yml'), metadata?.code ?? '')

    const template = await loadTemplate(folder)
    const text = 'version: 3.0.0\ntemplate: notes\ndatabase: { password: secret }\n'
    const { config } = parseConfig(text, 'config.yml').document
    const { stack, warnings } = compile({
      template,
      config: resolveConfig(config, template.defaults),
      project: 'notes',
      workingDir: '/instances/notes',
    })
    expect(warnings).toEqual([])
    expect(Object.keys(stack.services).toSorted()).toEqual(['caddy', 'notes', 'postgres'])
    expect(stack.probes).toHaveLength(2)
  })
})

describe('docs/troubleshooting.md', () => {
  it('has every error code that a user can meet', async () => {
    const source = await readFile(join(ROOT, 'src/core/errors.ts'), 'utf8')
    const codes = [...source.matchAll(/^ {2}([A-Z_]+): EXIT\./gm)].map(([, code]) => code)
    const documented = tableRows(read('docs/troubleshooting.md').text).map(([code = '']) => code.replaceAll('`', ''))
    expect(documented.toSorted()).toEqual(codes.toSorted())
  })
})

describe('docs/compose-compatibility.md', () => {
  const { text } = read('docs/compose-compatibility.md')
  const listed = (heading: string) => {
    const paragraph = text.split(`**${heading}`)[1]?.split('\n\n')[0] ?? ''
    return [...paragraph.matchAll(/`(\w+)`/g)].map(([, key = '']) => key)
  }
  const serviceWith = (key: string) => {
    const file = JSON.stringify({ services: { web: { image: 'web', [key]: 'x' } } })
    const options = { file: 'compose.yml', workingDir: '/', home: undefined, profiles: [] }
    const { findings } = readComposeFile(file, { ...options, lookup: () => undefined, readFile: () => undefined })
    return findings.map(({ severity, message }) => `${severity}: ${message}`).join('; ')
  }

  it.each(listed('Read:'))('%s is read', (key) => {
    expect(serviceWith(key)).not.toMatch(new RegExp(`services\\.web\\.${key} (?:is not|has no)`))
  })

  it.each(listed('Left out').filter((key) => key !== 'image'))('%s is left out with a warning', (key) => {
    expect(serviceWith(key)).toMatch(/^warning: .* not carried/)
  })

  const beside = ['include', 'models', 'image', 'build']
  it.each(listed('Refused').filter((key) => !beside.includes(key)))('%s is refused', (key) => {
    expect(serviceWith(key)).toMatch(/^error: .* not supported/)
  })
})
