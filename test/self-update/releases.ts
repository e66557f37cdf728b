import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { zstdCompressSync } from 'node:zlib'
import { pack } from 'tar-stream'
import {
  archiveFile,
  type Installed,
  type Platform,
  type Probe,
  platformOf,
  programFile,
} from '../../src/core/self-update/index.ts'
import { type MinisignSigner, minisignSigner } from '../release/signers.ts'
import { type Said, type WebServer, webServer } from '../release/web-server.ts'

/** This machine's, or any: nothing of what is made here is ever run. */
export const PLATFORM: Platform = platformOf(process.platform, process.arch) ?? { os: 'linux', arch: 'x64' }
export const OTHER: Platform = { os: 'linux', arch: PLATFORM.arch === 'x64' ? 'arm64' : 'x64' }

/** Stands in for the executable: the header of one, and its version. */
export function standIn(version: string, { os, arch }: Platform = PLATFORM): Buffer {
  const bytes = Buffer.alloc(256)
  const is = (x64: number, arm64: number) => (arch === 'x64' ? x64 : arm64)
  if (os === 'linux') {
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(bytes)
    bytes.writeUInt16LE(is(0x3e, 0xb7), 18)
  } else if (os === 'macos') {
    bytes.writeUInt32LE(0xfeedfacf, 0)
    bytes.writeUInt32LE(is(0x01000007, 0x0100000c), 4)
  } else {
    bytes.write('MZ')
    bytes.writeUInt32LE(128, 0x3c)
    bytes.write('PE\0\0', 128)
    bytes.writeUInt16LE(is(0x8664, 0xaa64), 132)
  }
  return Buffer.concat([bytes, Buffer.from(`ddalab ${version}\n`), Buffer.alloc(100_000, version)])
}

/** Which version a stand-in is; anything but a whole one is no program. */
export function versionIn(content: Buffer): string {
  const version = /ddalab (\S+)\n/.exec(content.toString('latin1'))?.[1]
  if (version === undefined || !content.equals(standIn(version))) throw new Error('that is half a program')
  return version
}

export const probe: Probe = async (path) => versionIn(readFileSync(path))

/** The archive of a program, as a release has it. */
export async function archive(program: Buffer, file = programFile(PLATFORM)): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name: `ddalab/${file}`, mode: 0o755 }, program)
  tar.finalize()
  return zstdCompressSync(await buffer(tar))
}

export interface Release {
  readonly version: string
  /** The files by name. */
  readonly files: { readonly [name: string]: string | Buffer }
}

export async function release(version: string, signer: MinisignSigner, program = standIn(version)): Promise<Release> {
  const name = archiveFile(version, PLATFORM)
  const content = await archive(program)
  const sums = `${createHash('sha256').update(content).digest('hex')}  ${name}\n`
  return { version, files: { [name]: content, SHA256SUMS: sums, 'SHA256SUMS.minisig': signer.sign(sums) } }
}

/** A server of releases, of which the last is the latest. `change` may spoil what it says. */
export async function mirror(
  releases: readonly Release[],
  change: (file: string, said: Said) => Said = (_file, said) => said,
): Promise<WebServer & { readonly url: string }> {
  const server = await webServer((path) => {
    const [, version, file = ''] = /^\/(?:latest\/download|download\/v([^/]+))\/(.+)$/.exec(path) ?? []
    const found = version === undefined ? releases.at(-1) : releases.find((release) => release.version === version)
    const body = found?.files[file]
    return change(file, body === undefined ? { status: 404 } : { body })
  })
  return { ...server, url: `http://${server.address}/` }
}

/** A program of this version in a directory of its own. */
export function installation(version: string) {
  const directory = mkdtempSync(join(tmpdir(), 'ddalab-self-update-'))
  const path = join(directory, 'bin', programFile(PLATFORM))
  mkdirSync(dirname(path))
  writeFileSync(path, standIn(version), { mode: 0o755 })
  const installed: Installed = { version, path, ...SYSTEM, packageFiles: join(directory, 'package.list') }
  return {
    directory,
    path,
    installed,
    /** What is installed now. */
    version: () => versionIn(readFileSync(path)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

const NODE_SYSTEM = { linux: 'linux', macos: 'darwin', windows: 'win32' } as const
const SYSTEM = { system: NODE_SYSTEM[PLATFORM.os], arch: PLATFORM.arch }

export { minisignSigner }
