import { createHash } from 'node:crypto'
import { type ArchiveFile, sorted, tar, zstandard } from './archive.ts'

export interface DebFacts {
  readonly name: string
  readonly version: string
  /** By Debian's name. */
  readonly architecture: string
  readonly maintainer: string
  readonly homepage: string
  readonly section: string
  readonly depends: readonly string[]
  readonly recommends: readonly string[]
  readonly description: string
}

/** A Debian package (deb(5)): its bytes depend on nothing but what is given. dpkg reads Zstandard since 1.21.18 (Debian 12, Ubuntu 20.04). */
export async function debPackage(
  facts: DebFacts,
  files: readonly ArchiveFile[],
  at: number,
  level: number,
): Promise<Buffer> {
  const control = [
    { path: 'control', content: Buffer.from(controlFile(facts, files)) },
    { path: 'md5sums', content: Buffer.from(md5sums(files)) },
  ]
  return ar(
    [
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar.zst', await zstandard(await tar(control, at, './'), level)],
      ['data.tar.zst', await zstandard(await tar(files, at, './'), level)],
    ],
    at,
  )
}

/** A version of semver by Debian's order: what is early sorts before. */
export function debVersion(version: string): string {
  return version.replace('-', '~')
}

function controlFile(facts: DebFacts, files: readonly ArchiveFile[]): string {
  const kibibytes = files.reduce((sum, { content }) => sum + Math.ceil(content.byteLength / 1024), 0)
  const fields = {
    Package: facts.name,
    Version: debVersion(facts.version),
    Architecture: facts.architecture,
    Maintainer: facts.maintainer,
    'Installed-Size': String(kibibytes),
    Depends: facts.depends.join(', '),
    Recommends: facts.recommends.join(', '),
    Section: facts.section,
    Priority: 'optional',
    Homepage: facts.homepage,
    Description: facts.description,
  }
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

function md5sums(files: readonly ArchiveFile[]): string {
  return sorted(files)
    .map(({ path, content }) => `${createHash('md5').update(content).digest('hex')}  ${path}\n`)
    .join('')
}

/** The common format of ar(5); contents of odd length are padded. */
function ar(members: readonly (readonly [name: string, content: Buffer])[], at: number): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const header = [
      name.padEnd(16),
      String(at).padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
      String(content.length).padEnd(10),
      '`\n',
    ].join('')
    return [Buffer.from(header), content, Buffer.from(content.length % 2 === 1 ? '\n' : '')]
  })
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts])
}
