/** A system that the program is made for. */
export interface Platform {
  readonly os: 'linux' | 'macos' | 'windows'
  readonly arch: 'x64' | 'arm64'
}

const SYSTEMS: { readonly [platform: string]: Platform['os'] } = { linux: 'linux', darwin: 'macos', win32: 'windows' }

/** The platform, by Node's names of system and processor; undefined where the program is not made for it. */
export function platformOf(system: string, arch: string): Platform | undefined {
  const os = SYSTEMS[system]
  return os !== undefined && (arch === 'x64' || arch === 'arm64') ? { os, arch } : undefined
}

/** `linux-x64`: as in the names of the files of a release. */
export function platformName({ os, arch }: Platform): string {
  return `${os}-${arch}`
}

/** The file that holds the program, in an archive. */
export function programFile({ os }: Platform): string {
  return os === 'windows' ? 'ddalab.exe' : 'ddalab'
}

/** The archive that is made for programs to read; those for people hold the same. */
export function archiveFile(version: string, platform: Platform): string {
  return `ddalab-${version}-${platformName(platform)}.tar.zst`
}

/** The version in the name of an archive for a platform; undefined for other files. */
export function versionOfArchive(name: string, platform: Platform): string | undefined {
  const end = `-${platformName(platform)}.tar.zst`
  const version = name.startsWith('ddalab-') && name.endsWith(end) ? name.slice('ddalab-'.length, -end.length) : ''
  return version === '' ? undefined : version
}

/** The platform that a program is for, by its header: ELF, PE or Mach-O, little-endian with 64 bits. */
export function platformOfProgram(program: Uint8Array): Platform | undefined {
  const bytes = Buffer.from(program.buffer, program.byteOffset, Math.min(program.byteLength, 4096))
  if (bytes.length < 64) return undefined
  if (bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1)
    return found('linux', bytes.readUInt16LE(18), 0x3e, 0xb7)
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return found('macos', bytes.readUInt32LE(4), 0x01000007, 0x0100000c)
  if (bytes.toString('latin1', 0, 2) !== 'MZ') return undefined
  const header = bytes.readUInt32LE(0x3c)
  const isPe = header + 6 <= bytes.length && bytes.readUInt32BE(header) === 0x50450000
  return isPe ? found('windows', bytes.readUInt16LE(header + 4), 0x8664, 0xaa64) : undefined
}

function found(os: Platform['os'], machine: number, x64: number, arm64: number): Platform | undefined {
  if (machine === x64) return { os, arch: 'x64' }
  return machine === arm64 ? { os, arch: 'arm64' } : undefined
}
