import fc from 'fast-check'
import semver from 'semver'
import { describe, expect, it, test } from 'vitest'
import {
  type Channel,
  namedVersion,
  newerVersions,
  readVersion,
  readVersions,
} from '../../src/core/release/channel/versions.ts'

const TAGS = [
  'latest',
  'edge',
  '1',
  '1.2',
  'v1.2.3',
  '1.2.3',
  '1.3.0-rc1',
  '1.3.0-rc10',
  '1.3.0-rc2',
  '1.3.0',
  '1.3.0-alpine',
  '1.4.0-alpha.1',
  '1.4.0-beta.2',
  '2.0.0-nightly',
  '1.4.0-rc.1-alpine',
  'main-3f2a1b',
  'sha256-0f0f.sig',
]

describe('what a tag says', () => {
  test.each([
    ['1.2.3', '1.2.3', ''],
    ['v1.2.3', '1.2.3', ''],
    ['1.2.3-alpine', '1.2.3', 'alpine'],
    ['1.2.3-alpine3.20', '1.2.3', 'alpine3.20'],
    ['1.2.3-rc1', '1.2.3-rc.1', ''],
    ['1.2.3-RC.1', '1.2.3-rc.1', ''],
    ['1.2.3-beta', '1.2.3-beta', ''],
    ['1.2.3-beta2-slim', '1.2.3-beta.2', 'slim'],
    ['1.2.3-4', '1.2.3-4', ''],
    ['2024.01.05', '2024.1.5', ''],
  ])('%s is %s, variant "%s"', (tag, version, variant) => {
    expect(readVersion(tag)).toEqual({ tag, version, variant })
  })

  test.each(['latest', 'edge', '1', '1.2', '20240105', 'main-3f2a1b', '', '1.2.3.4', '1.2.3-', 'sha256-ab.sig'])(
    '%j is no version',
    (tag) => expect(readVersion(tag)).toBeUndefined(),
  )

  it('is a version with two numbers only where nobody writes three', () => {
    expect(readVersions(['16', '16.3', '16.10', 'latest']).map(({ version }) => version)).toEqual(['16.10.0', '16.3.0'])
    expect(readVersions(['16', '16.3', '16.3.1']).map(({ tag }) => tag)).toEqual(['16.3.1'])
  })

  it('is taken once, in the spelling of the current one', () => {
    expect(readVersions(['v1.0.0', '1.0.0'], '0.9.0').map(({ tag }) => tag)).toEqual(['1.0.0'])
    expect(readVersions(['1.0.0', 'v1.0.0'], 'v0.9.0').map(({ tag }) => tag)).toEqual(['v1.0.0'])
  })
})

describe('what a channel offers', () => {
  const offered = (channel: Channel, version: string, variant = '') =>
    newerVersions(readVersions(TAGS), { version, variant }, channel).map(({ tag }) => tag)

  it('is never a pre-release on stable, only announced ones on beta, all on dev', () => {
    expect(offered('stable', '1.2.0')).toEqual(['1.3.0', '1.2.3'])
    expect(offered('beta', '1.2.3')).toEqual(['1.4.0-beta.2', '1.3.0', '1.3.0-rc10', '1.3.0-rc2', '1.3.0-rc1'])
    expect(offered('dev', '1.3.0')).toEqual(['2.0.0-nightly', '1.4.0-beta.2', '1.4.0-alpha.1'])
  })

  it('is never older than what runs, also after a change to a calmer channel', () => {
    expect(offered('stable', '1.4.0-beta.2')).toEqual([])
    expect(offered('stable', '1.3.0-rc.10')).toEqual(['1.3.0'])
    expect(offered('stable', '1.3.0')).toEqual([])
  })

  it('stays with the variant of the image', () => {
    expect(offered('stable', '1.2.0', 'alpine')).toEqual(['1.3.0-alpine'])
    expect(offered('beta', '1.3.0', 'alpine')).toEqual(['1.4.0-rc.1-alpine'])
  })
})

describe('a version that is named', () => {
  const current = { version: '1.2.3', variant: '' }
  const named = (name: string) => namedVersion(name, readVersions(TAGS), current)

  it('is found by its tag or its number, on whatever channel it is', () => {
    expect(named('1.3.0')?.tag).toBe('1.3.0')
    expect(named('v1.3.0')?.tag).toBe('1.3.0')
    expect(named('1.4.0-alpha.1')?.tag).toBe('1.4.0-alpha.1')
    expect(named('1.3.0-rc.10')?.tag).toBe('1.3.0-rc10')
  })

  it('is nothing to do when it runs already', () => expect(named('1.2.3')).toBeNull())

  it('is refused when it is older', () => {
    const older = () => namedVersion('1.2.3', readVersions(TAGS), { version: '1.3.0', variant: '' })
    expect(older).toThrow(expect.objectContaining({ code: 'UPDATE_DOWNGRADE', exit: 4 }))
  })

  it('is unknown: the nearest are told', () => {
    const hint = (name: string) => {
      try {
        return named(name)?.tag
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'VERSION_NOT_FOUND', exit: 3 })
        return Reflect.get(Object(thrown), 'options').hint
      }
    }
    expect(hint('1.3.5')).toMatch(/1\.4\.0-alpha\.1.*1\.3\.0/)
    expect(hint('9.0.0')).toContain('2.0.0-nightly')
    expect(hint('0.0.1')).toContain('1.2.3')
    expect(hint('nonsense')).toContain('2.0.0-nightly')
  })
})

describe('whatever the tags are', () => {
  const number = fc.integer({ min: 0, max: 30 })
  const suffix = fc.constantFrom('', '-rc1', '-rc.2', '-alpha', '-alpine', '-beta-slim', '-7', '-foo', '.4', '+x')
  const tag = fc.oneof(
    fc
      .tuple(fc.constantFrom('', 'v'), number, number, number, suffix)
      .map(([v, a, b, c, end]) => `${v}${a}.${b}.${c}${end}`),
    fc.string({ maxLength: 20 }),
  )
  const channel = fc.constantFrom<Channel>('stable', 'beta', 'dev')

  it('nothing older and nothing of another variant is ever offered', () => {
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 30 }), tag, channel, (tags, current, asked) => {
        const own = readVersion(current)
        fc.pre(own !== undefined)
        for (const { version, variant } of newerVersions(readVersions(tags), own, asked)) {
          expect(semver.gt(version, own.version)).toBe(true)
          expect(variant).toBe(own.variant)
          if (asked === 'stable') expect(semver.prerelease(version)).toBeNull()
        }
      }),
    )
  })

  it('a version that is named is never older either', () => {
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 30 }), tag, tag, (tags, current, wanted) => {
        const own = readVersion(current)
        fc.pre(own !== undefined)
        try {
          const found = namedVersion(wanted, readVersions(tags), own)
          expect(found === null || semver.gt(found.version, own.version)).toBe(true)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: expect.stringMatching(/^(?:VERSION_NOT_FOUND|UPDATE_DOWNGRADE)$/) })
        }
      }),
    )
  })
})
