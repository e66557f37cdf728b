import { describe, expect, it } from 'vitest'
import { type CompiledStack, isCurrent } from '../../src/core/release/index.ts'

const now = new Date('2026-05-01T12:00:00Z')
const compiled: CompiledStack = {
  format: 1,
  keep: 3,
  build: 'b1',
  environment: 'staging',
  ownEnvironment: 'production',
  sources: { '/c.yml': 'hash', '/own/template.yml': null },
  texts: { '/c.yml': 'text', '/own/template.yml': null },
  goodUntil: '2026-05-02T00:00:00.000Z',
  stack: {
    project: 'lab',
    workingDir: '/srv',
    ...{ services: {}, networks: {}, volumes: {}, configs: {}, secrets: {} },
    ...{ files: [], probes: [], secretValues: [] },
  },
  warnings: [],
}
const { texts = {} } = compiled

describe('a compiled stack', () => {
  it('is used again while nothing that it was made from has changed', () => {
    expect(isCurrent(compiled, 'b1', now, texts, 'staging')).toBe(true)
    expect(isCurrent(compiled, 'b2', now, texts, 'staging')).toBe(false)
    expect(isCurrent(compiled, 'b1', new Date(compiled.goodUntil), texts, 'staging')).toBe(false)
    expect(isCurrent(compiled, 'b1', now, { ...texts, '/c.yml': 'other' }, 'staging')).toBe(false)
    expect(isCurrent(compiled, 'b1', now, { ...texts, '/own/template.yml': 'new' }, 'staging')).toBe(false)
    const { texts: _, ...earlier } = compiled
    expect(isCurrent(earlier, 'b1', now, texts, 'staging')).toBe(false)
  })

  it('is never that of another environment', () => {
    expect(isCurrent(compiled, 'b1', now, texts, 'production')).toBe(false)
    // The config's own one is production.
    expect(isCurrent(compiled, 'b1', now, texts, undefined)).toBe(false)
    const own: CompiledStack = { ...compiled, environment: 'production' }
    expect(isCurrent(own, 'b1', now, texts, undefined)).toBe(true)
    expect(isCurrent(own, 'b1', now, texts, 'production')).toBe(true)
  })
})
