import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConfigData, CURRENT_VERSION, MIGRATIONS, migrate, VERSIONS } from '../../src/core/config/index.ts'
import { configSchema } from '../../src/core/config/schema.ts'
import { errorOf } from '../support/errors.ts'
import { anyConfig } from './support.ts'

/** Any config as it could stand in a file of this version: without what came later. */
function anyConfigOf(version: string): fc.Arbitrary<ConfigData> {
  const later = MIGRATIONS.slice(VERSIONS.indexOf(version)).flatMap((step) => step.adds)
  return anyConfig().map((config) => ({
    ...Object.fromEntries(Object.entries(config).filter(([key]) => !later.includes(key))),
    version,
  }))
}

describe('the chain of migrations', () => {
  it('leads from 1.0.0 to the current version without a gap, each step described', () => {
    expect(VERSIONS).toEqual(['1.0.0', '2.0.0', '3.0.0'])
    expect(MIGRATIONS.map((step) => step.from)).toEqual(VERSIONS.slice(0, -1))
    expect(VERSIONS.at(-1)).toBe(CURRENT_VERSION)
    for (const step of MIGRATIONS) expect(step.description).toMatch(/^[A-Z].+[^.]$/)
  })

  describe.each(MIGRATIONS)('$from to $to', ({ from, to, up, down }) => {
    it('is undone by its way down', () => {
      fc.assert(
        fc.property(anyConfigOf(from), (config) => {
          expect(up(config).version).toBe(to)
          expect(down(up(config))).toEqual(config)
        }),
      )
    })

    it('keeps the order of the keys and does not touch what it is given', () => {
      fc.assert(
        fc.property(anyConfigOf(from), (config) => {
          const before = structuredClone(config)
          expect(Object.keys(up(config))).toEqual(Object.keys(config))
          expect(config).toEqual(before)
        }),
      )
    })

    it('leaves nothing on its way down that the older version does not know', () => {
      fc.assert(
        fc.property(anyConfigOf(to), (config) => {
          const older = down(config)
          const added = MIGRATIONS.find((step) => step.to === to)?.adds ?? []
          expect(Object.keys(older).filter((key) => added.includes(key))).toEqual([])
          expect(up(older)).toEqual(Object.fromEntries(Object.entries(config).filter(([key]) => !added.includes(key))))
        }),
      )
    })
  })

  it.each(VERSIONS)('carries every config of %s to a valid one of the current version and back', (version) => {
    fc.assert(
      fc.property(anyConfigOf(version), (config) => {
        const current = migrate(config, version)
        expect(configSchema.safeParse(current).success).toBe(true)
        expect(migrate(current, CURRENT_VERSION, version)).toEqual(config)
      }),
    )
  })

  it('refuses a newer version and an unknown one, up and down', () => {
    expect(errorOf(() => migrate({}, '4.0.0')).code).toBe('CONFIG_TOO_NEW')
    expect(errorOf(() => migrate({}, '3.0.0', '3.1.0')).code).toBe('CONFIG_TOO_NEW')
    expect(errorOf(() => migrate({}, '1.5.0')).code).toBe('USAGE')
    expect(errorOf(() => migrate({}, '3.0.0', 'old')).options.hint).toBe('Known versions: 1.0.0, 2.0.0, 3.0.0.')
  })
})
