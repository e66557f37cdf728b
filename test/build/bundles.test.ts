import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const dist = join(import.meta.dirname, '..', '..', 'dist')

/** A bundle and all that is loaded with it, before anything of it runs. */
function loadedWith(path: string, loaded = new Map<string, string>()): ReadonlyMap<string, string> {
  if (loaded.has(path)) return loaded
  const text = readFileSync(path, 'utf8')
  loaded.set(path, text)
  for (const [, other = ''] of text.matchAll(/(?:import|from)\s*"(\.[\w./-]+)"/g))
    loadedWith(join(dirname(path), other), loaded)
  return loaded
}

describe('what a command loads before it begins', () => {
  test.each([
    ['main.js', 2],
    ['commands/daily.js', 4],
    ['commands/deployment.js', 6],
    ['commands/more.js', 4],
  ])('%s: no reader of configs, no dockerode, no React, and at most %i modules', (bundle, most) => {
    const loaded = loadedWith(join(dist, bundle))
    const text = [...loaded.values()].join('\n')
    for (const [library, mark] of [
      ['zod', 'ZodError'],
      ['yaml', 'YAMLParseError'],
      ['react', 'react.element'],
      ['dockerode', 'prototype.createContainer'],
    ] as const)
      expect(text.includes(mark), `${bundle} loads ${library}`).toBe(false)
    expect(loaded.size).toBeLessThanOrEqual(most)
  })

  test('the dashboard: no reader of YAML and no dockerode before somebody wants them', () => {
    const [dashboard = ''] = globSync('chunks/tui-*.js', { cwd: dist })
    const loaded = loadedWith(join(dist, dashboard))
    const text = [...loaded.values()].join('\n')
    expect(text).toContain('react.element')
    for (const mark of ['YAMLParseError', 'prototype.createContainer']) expect(text.includes(mark), mark).toBe(false)
    expect(loaded.size).toBeLessThanOrEqual(9)
  })
})
