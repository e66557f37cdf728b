import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { MIGRATIONS, migrate, migrateText, newConfigText, VERSIONS } from '../../src/core/config/index.ts'
import { isTree } from '../../src/core/config/path.ts'
import { errorOf } from '../support/errors.ts'
import { anyConfig, SEED } from './support.ts'

const OLDEST = '1.0.0'
const later = MIGRATIONS.flatMap((step) => step.adds)

function dataOf(text: string): unknown {
  return parseDocument(text, 'config.yml').data
}

describe('a text is carried to another version', () => {
  it('up: only the version changes, all else is the same bytes', () => {
    expect(migrateText(SEED, 'config.yml')).toBe(SEED.replace('version: 2.0.0', 'version: 3.0.0'))
  })

  it('down: the sections that the older version does not know go, with their comments', () => {
    const text = [
      '# My lab\n\nversion: "3.0.0" # the schema\n\n',
      '# Which stack\ntemplate: ddalab\n\n',
      '# The API\napi: { port: 8001 }\n\n',
      '# The proxy\ningress:\n  # commented: out\n  kind: traefik\n',
    ].join('')
    expect(migrateText(text, 'config.yml', '2.0.0')).toBe(
      '# My lab\n\nversion: "2.0.0" # the schema\n\n# The API\napi: { port: 8001 }\n',
    )
  })

  it('any config down and up again has the data of the migrations', () => {
    fc.assert(
      fc.property(anyConfig(), fc.constantFrom(...VERSIONS), (config, version) => {
        const text = newConfigText(config)
        const data = dataOf(text)
        if (!isTree(data)) throw new Error('a config is a section')
        const down = migrateText(text, 'config.yml', version)
        expect(dataOf(down)).toEqual(migrate(data, '3.0.0', version))
        expect(dataOf(migrateText(down, 'config.yml'))).toEqual({
          ...migrate(data, '3.0.0', version),
          version: '3.0.0',
        })
      }),
      { numRuns: 100 },
    )
  })

  it('up and down again is the same text: what a step down removes, a step up never made', () => {
    fc.assert(
      fc.property(anyConfig(), fc.boolean(), (config, crlf) => {
        const old = Object.fromEntries(Object.entries(config).filter(([key]) => !later.includes(key)))
        const lines = newConfigText({ ...old, version: '3.0.0' }).replace('version: 3.0.0', `version: ${OLDEST}`)
        const text = crlf ? lines.replaceAll('\n', '\r\n') : lines
        expect(migrateText(migrateText(text, 'config.yml'), 'config.yml', OLDEST)).toBe(text)
      }),
      { numRuns: 100 },
    )
  })

  it('an unknown or missing version is refused', () => {
    expect(errorOf(() => migrateText('api: {}\n', 'config.yml')).code).toBe('CONFIG_INVALID')
    expect(errorOf(() => migrateText('version: 9.0.0\n', 'config.yml')).code).toBe('CONFIG_TOO_NEW')
    expect(errorOf(() => migrateText('version: 3.0.0\n', 'config.yml', '2.5.0')).code).toBe('USAGE')
    expect(errorOf(() => migrateText('version: [\n', 'config.yml')).code).toBe('CONFIG_UNREADABLE')
  })
})
