import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONFIG_FILE, fill, parseReleaseConfig } from '../../scripts/release/config.ts'
import { archiveFile } from '../../src/core/self-update/index.ts'
import { config, ROOT } from './support.ts'

const TEXT = readFileSync(join(ROOT, CONFIG_FILE), 'utf8')
const changed = (from: string, to: string): string => {
  expect(TEXT).toContain(from)
  return TEXT.replace(from, to)
}

describe(CONFIG_FILE, () => {
  it('names the archives as self update asks for them', () => {
    for (const target of config.targets) {
      const { os, arch } = target
      expect(target.archives).toContain('tar.zst')
      const name = fill(config.archive.name, { version: '1.2.0', os, arch })
      expect(`${name}.tar.zst`).toBe(archiveFile('1.2.0', target))
    }
  })

  it.each([
    ['a key that there is not', 'sbom: {', 'sboms: {', /sbom: .*\n.*Unrecognized key: "sboms"/],
    ['an archive of another kind', 'archives: [zip,', 'archives: [rar,', /targets\.2\.archives\.0: Invalid option/],
    ['a .deb for Windows', '[zip, tar.zst] }', '[zip, tar.zst], deb: amd64 }', /targets\.2\.deb: a \.deb is for linux/],
    ['a target twice', 'os: macos, arch: x64', 'os: macos, arch: arm64', /targets: names a target twice/],
    ['a name without the version', '"ddalab-{version}.cdx', '"ddalab.cdx', /sbom\.name: must have \{version\} in it/],
    [
      'a name with something else',
      '-{os}-',
      '-{os}-{abi}-',
      /archive\.name: may only have \{version\}, \{os\}, \{arch\}/,
    ],
    [
      'a file from outside',
      'from: LICENSE',
      'from: ../LICENSE',
      /archive\.files\.0\.from: must be a relative path without/,
    ],
    ['a file that nobody makes', 'make: licences', 'make: magic', /archive\.files\.2: must be .*man-page/],
    ['a pattern that is none', '"^Format"', '"("', /changelog\.exclude\.3: is no regular expression/],
    ['a text that is no YAML', 'targets:', 'targets: [', /is no YAML/],
  ])('%s is told with its place', (_what, from, to, message) => {
    expect(() => parseReleaseConfig(changed(from, to))).toThrow(message)
  })
})

describe('npm run release', () => {
  it('tells which targets there are', () => {
    const words = [join(ROOT, 'scripts', 'release', 'main.ts'), '--snapshot', '--target', 'plan9-x64']
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no target plan9-x64.*linux-x64/),
    })
  })
})
