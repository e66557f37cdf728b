import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readConfig } from '../../scripts/release/config.ts'
import { openSigner } from '../../scripts/release/minisign.ts'
import { type Effects, type ReleaseRequest, release } from '../../scripts/release/release.ts'

export const ROOT = join(import.meta.dirname, '..', '..')
export const config = readConfig(ROOT)
/** Some moment of 2026. */
export const AT = 1_790_000_000

export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ddalab-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The text of a `minisign.key` without a password, as `minisign -G -W` makes one. */
export function secretKey(): string {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const head = Buffer.concat([Buffer.from('Ed'), Buffer.alloc(2), Buffer.from('B2'), Buffer.alloc(48)])
  const bytes = Buffer.concat([head, randomBytes(8), seed, raw, Buffer.alloc(32)])
  return `untrusted comment: minisign secret key\n${bytes.toString('base64')}\n`
}

export const signer = openSigner(secretKey(), undefined)

/** A program that says its version, on every system with a shell. */
export const script = (version: string) => `#!/bin/sh\necho "ddalab ${version} (stand-in)"\n`

export const effects = (program: (version: string) => string | Uint8Array = script): Effects => ({
  build: async ({ outFile, version }) => {
    mkdirSync(dirname(outFile), { recursive: true })
    writeFileSync(outFile, program(version), { mode: 0o755 })
    return { file: outFile }
  },
  inside: async () => ({
    components: [
      { name: 'zod', version: '4.0.0', license: 'MIT', purl: 'pkg:npm/zod@4.0.0' },
      { name: '@oclif/core', version: '5.0.0', license: 'MIT', purl: 'pkg:npm/%40oclif/core@5.0.0' },
      { name: 'node', version: '26.10.0', license: 'MIT', purl: 'pkg:generic/node@26.10.0' },
    ],
    licences: 'zod 4.0.0: MIT\n',
  }),
  say: () => {},
})

/** Makes a release with stand-ins for the executables; quick, and signed. */
export function standInRelease(output: string, request: Partial<ReleaseRequest> = {}, with_ = effects()) {
  const commits = [{ id: 'a'.repeat(40), subject: 'Rollbacks' }]
  const targets = config.targets.filter(({ os, arch }) => os === 'linux' && arch === 'x64')
  const compression = { gzip: 1, zstd: 1 }
  return release(
    { root: ROOT, output, config, version: '1.2.0', at: AT, commits, targets, signer, compression, ...request },
    with_,
  )
}
