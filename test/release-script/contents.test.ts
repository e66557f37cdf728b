import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changelog } from '../../scripts/release/changelog.ts'
import { readRepository } from '../../scripts/release/git.ts'
import { installer } from '../../scripts/release/installer.ts'
import { manPage } from '../../scripts/release/man-page.ts'
import { sbom } from '../../scripts/release/sbom.ts'
import { checkRelease, releaseVersion } from '../../scripts/release/version.ts'
import { readManifest, readPackage, visibleCommands } from '../../src/ui/cli/manifest.ts'
import { AT, config, effects, ROOT, signer, temporary } from './support.ts'

const manifest = readManifest(ROOT)
const has = (command: string) => spawnSync(command, ['--version']).error === undefined

describe('the man page', () => {
  const page = manPage(manifest, readPackage(ROOT), '1.2.0', '2026-11-21')
  const written = () => {
    const file = join(temporary(), 'ddalab.1')
    writeFileSync(file, page)
    return file
  }

  it('has every command with its flags, every variable and every exit code', () => {
    const plain = page.replaceAll('\\-', '-')
    for (const command of visibleCommands(manifest)) expect(plain).toContain(`.SS "ddalab ${command} `)
    for (const flag of Object.values(manifest.commands.deploy?.flags ?? {}))
      expect(plain).toMatch(new RegExp(`^\\.B (?:-\\w, )?--${flag.name}\\b`, 'm'))
    expect(plain).toContain('.B DDALAB_HOME')
    expect(plain).toContain('.TP\n.B 130\ninterrupted')
  })

  it.runIf(has('groff'))('is roff without a warning, and reads as the help does', () => {
    const groff = spawnSync('groff', ['-ww', '-man', '-Tascii', '-P-c', written()], { encoding: 'utf8' })
    expect(groff).toMatchObject({ status: 0, stderr: '' })
    expect(groff.stdout.replaceAll(/.\x08/g, '')).toContain('ddalab rollback [RELEASE] [flags]')
  })

  it.runIf(has('mandoc'))('is a page as mandoc wants it; only lines that are copied as they are may be long', () => {
    const { stdout } = spawnSync('mandoc', ['-Tlint', written()], { encoding: 'utf8' })
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('longer than 80'))).toEqual([])
  })
})

describe('the SBOM', () => {
  it('names all that is inside, once, each with its licence', async () => {
    const { components } = await effects().inside()
    const product = { name: 'ddalab', version: '1.2.0', license: 'MIT', description: 'It deploys.' }
    const bom = JSON.parse(sbom(product, components, AT))
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 })
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(bom.metadata.timestamp).toBe(new Date(AT * 1000).toISOString())
    expect(bom.components).toMatchObject([
      { type: 'platform', name: 'node' },
      { type: 'library', group: '@oclif', name: 'core', purl: 'pkg:npm/%40oclif/core@5.0.0' },
      { type: 'library', name: 'zod', licenses: [{ license: { id: 'MIT' } }] },
    ])
    expect(bom.dependencies[0].dependsOn).toEqual(bom.components.map((part: { purl: string }) => part.purl))
  })
})

describe('the changelog', () => {
  /** A repository with a release, and two commits since. */
  function repository(): string {
    const root = temporary()
    const git = (...words: readonly string[]) => {
      const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false']
      execFileSync('git', [...identity, ...words], { cwd: root, stdio: 'pipe' })
    }
    git('init', '-q')
    for (const [index, subject] of ['First', 'Rollbacks', 'Test: of rollbacks'].entries()) {
      git('commit', '-q', '--allow-empty', '-m', subject)
      if (index === 0) git('tag', 'v1.1.0')
    }
    git('tag', 'v1.2.0')
    return root
  }

  it('has the subjects of the commits since the release before, without what users do not see', () => {
    const { commits, tags, isClean } = readRepository(repository())
    expect({ tags, isClean }).toEqual({ tags: ['v1.2.0'], isClean: true })
    const text = changelog('1.2.0', commits, config.changelog.exclude, AT)
    expect(text).toMatch(/^# ddalab 1\.2\.0 \(2026-09-21\)\n\n- Rollbacks \([0-9a-f]{7}\)\n$/)
  })
})

describe('a release that is to be published', () => {
  const facts = { version: '1.2.0', key: signer.publicKey, publisher: signer.publicKey }
  const good = { ...facts, repository: { tags: ['v1.2.0'], isClean: true } }

  it('has a tag, a clean tree, and a key that the program trusts', () => {
    expect(() => checkRelease(good)).not.toThrow()
    const repository = { tags: [], isClean: false }
    expect(() => checkRelease({ version: '1.2.0', repository, key: undefined, publisher: undefined })).toThrow(
      /not committed\n.*no tag v1\.2\.0.*\n.*no signing key/,
    )
    expect(() => checkRelease({ ...good, publisher: undefined })).toThrow(/publisher\.ts, which should be: RW/)
  })

  it('a snapshot is early, and says of which commit', () => {
    expect(releaseVersion('1.2.0', { head: '0123456789' }, true)).toBe('1.2.0-snapshot.g0123456')
    expect(releaseVersion('1.2.0', { head: '0123456789' }, false)).toBe('1.2.0')
  })

  it('has an install script that knows the key', () => {
    const script = installer("#!/bin/sh\nDEFAULT_URL='x'\nDEFAULT_KEY=''\n", signer.publicKey)
    expect(script).toMatch(
      new RegExp(`^#!/bin/sh\nDEFAULT_URL='https://.*'\nDEFAULT_KEY='${RegExp.escape(signer.publicKey)}'\n$`),
    )
    expect(() => installer('#!/bin/sh\n', undefined)).toThrow('DEFAULT_URL')
  })
})
