import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checked, licensesOf } from '../../scripts/licenses.ts'
import { aFolder } from '../cli/temporary.ts'

const packageJson = (name: string, license: string) => JSON.stringify({ name, version: '1.0.0', license })

test('a package whose licence is wanted is listed once, with its text', () => {
  const folder = aFolder({ 'a/package.json': packageJson('a', 'MIT'), 'a/LICENSE.md': 'do what you like\n' })
  const found = [{ name: 'a', version: '1.0.0', license: 'MIT', text: 'do what you like' }]
  expect(checked([join(folder, 'a'), join(folder, 'a')])).toEqual(found)
})

test('a package without a licence text, and one whose licence is not wanted, fail the build, and both are named', () => {
  const folder = aFolder({
    'silent/package.json': packageJson('silent', 'MIT'),
    'strict/package.json': packageJson('strict', 'GPL-3.0-only'),
    'strict/LICENSE': 'share alike',
    'none/package.json': '{"name":"none","version":"2.0.0"}',
    'none/LICENSE': 'all rights reserved',
  })
  const check = () => checked(['silent', 'strict', 'none'].map((name) => join(folder, name)))
  expect(check).toThrow('silent 1.0.0 brings no licence text')
  expect(check).toThrow('strict 1.0.0 is under GPL-3.0-only, which is not wanted')
  expect(check).toThrow('none 2.0.0 is under no licence, which is not wanted')
})

test('what was looked at but is not in the bundle does not count', () => {
  const folder = aFolder({
    'package.json': packageJson('own', 'MIT'),
    LICENSE: 'own',
    'node_modules/in/package.json': packageJson('in', 'ISC'),
    'node_modules/in/LICENSE': 'in',
  })
  const inputs = { 'node_modules/in/main.js': { bytesInOutput: 7 }, 'node_modules/out/main.js': { bytesInOutput: 0 } }
  const metafile = { inputs: {}, outputs: { 'a.js': { bytes: 7, imports: [], exports: [], inputs } } }
  expect(licensesOf(folder, metafile).map(({ name }) => name)).toEqual(['in', 'own'])
})
