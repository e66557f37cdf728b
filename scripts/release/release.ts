import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Platform, platformName, programFile } from '../../src/core/self-update/index.ts'
import { readManifest, readPackage } from '../../src/ui/cli/manifest.ts'
import type { Executable, ExecutableOptions, Target } from '../executable/index.ts'
import { type ArchiveFile, archive, type Compression, gzipped } from './archive.ts'
import { changelog } from './changelog.ts'
import { type FileConfig, fill, type ReleaseConfig, type TargetConfig } from './config.ts'
import { debPackage } from './deb.ts'
import type { Commit } from './git.ts'
import { installer } from './installer.ts'
import { makeFile, type Sources } from './made-files.ts'
import type { Signer } from './minisign.ts'
import { type Component, sbom } from './sbom.ts'

export interface ReleaseRequest {
  readonly root: string
  /** Where the files go, absolute. */
  readonly output: string
  readonly config: ReleaseConfig
  readonly version: string
  /** The moment that everything in it says it was made at, in seconds since 1970. */
  readonly at: number
  readonly commits: readonly Commit[]
  readonly targets: readonly TargetConfig[]
  /** Undefined: it is not signed. */
  readonly signer: Signer | undefined
  readonly compression: Compression
}

export interface Effects {
  readonly build: (options: ExecutableOptions) => Promise<Pick<Executable, 'file'>>
  readonly inside: () => Promise<{ readonly components: readonly Component[]; readonly licences: string }>
  readonly say: (message: string) => void
}

export interface ReleasedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** The list of sums, which is what is signed. */
export const SUMS = 'SHA256SUMS'

/** Makes all files of a release, in a folder made anew. Sums and signature come last: without them it is none. */
export async function release(request: ReleaseRequest, effects: Effects): Promise<readonly ReleasedFile[]> {
  const { root, output, config, version, at, signer } = request
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  const made: ReleasedFile[] = []
  const put = async (name: string, content: string | Uint8Array): Promise<void> => {
    const bytes = Buffer.from(content)
    await writeFile(join(output, name), bytes)
    made.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
  }

  const { components, licences } = await effects.inside()
  const facts = readPackage(root)
  const log = changelog(version, request.commits, config.changelog.exclude, at)
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8')
  const sources: Sources = { version, at, manifest: readManifest(root), facts, changelog: log, licence, licences }
  await put(config.changelog.name, log)
  await put(fill(config.sbom.name, { version }), sbom({ ...facts, version, license: 'MIT' }, components, at))
  await put(
    config.installer.name,
    installer(readFileSync(join(root, config.installer.from), 'utf8'), signer?.publicKey),
  )
  for (const target of request.targets) {
    effects.say(`${platformName(target)}: building`)
    const program = await built(target, request, effects)
    effects.say(`${platformName(target)}: packing`)
    for await (const [name, content] of packages(target, program, request, sources)) await put(name, content)
  }
  const files = made.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sums = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
  await put(SUMS, sums)
  // Nothing in it that a second run would not have.
  if (signer !== undefined)
    await put(`${SUMS}.minisig`, signer.sign(Buffer.from(sums), `ddalab ${version}\ttimestamp:${at}`))
  return made
}

async function built(target: TargetConfig, { output, version }: ReleaseRequest, effects: Effects): Promise<Buffer> {
  const place = join(output, '.build')
  const outFile = join(place, programFile(target))
  try {
    const { file } = await effects.build({ target: executableTarget(target), version, outFile })
    return await readFile(file)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** The name that the build of the executable has for it. */
export function executableTarget({ os, arch }: Platform): Target {
  if (os === 'linux') return `linux-${arch}`
  if (os === 'macos') return `darwin-${arch}`
  if (arch === 'x64') return 'win-x64'
  throw new Error(`There is no Node to build windows-${arch} with`)
}

/** The archives and packages of a target, by name. */
async function* packages(
  target: TargetConfig,
  program: Buffer,
  { root, config, version, at, compression }: ReleaseRequest,
  sources: Sources,
): AsyncGenerator<readonly [name: string, content: Buffer]> {
  const { os, arch, archives, deb } = target
  const contents = (files: readonly FileConfig[]) => Promise.all(files.map((file) => fileOf(file, root, sources)))
  const name = fill(config.archive.name, { version, os, arch })
  const files = [
    { path: `${name}/${programFile(target)}`, content: program, executable: true },
    ...(await contents(config.archive.files)).map((file) => ({ ...file, path: `${name}/${file.path}` })),
  ]
  for (const format of archives) yield [`${name}.${format}`, await archive(format, files, at, compression)]
  if (deb === undefined) return
  const facts = { ...config.deb, name: config.project, version, architecture: deb, description: synopsis(sources) }
  const installed = [
    { path: `usr/bin/${config.project}`, content: program, executable: true },
    ...(await contents(config.deb.files)),
  ]
  yield [
    `${fill(config.deb.name, { version, arch: deb })}.deb`,
    await debPackage(facts, installed, at, compression.zstd),
  ]
}

async function fileOf(file: FileConfig, root: string, sources: Sources): Promise<ArchiveFile> {
  const content = 'from' in file ? await readFile(join(root, file.from)) : Buffer.from(makeFile(file.make, sources))
  return { path: file.to, content: file.gzip ? await gzipped(content, 9) : content }
}

/** One line without its full stop, as Debian wants it. */
function synopsis({ facts }: Sources): string {
  return facts.description.replace(/\.$/, '')
}
