import { createHash } from 'node:crypto'

/**
 * macOS on ARM runs no program without a signature. One "ad hoc" names nobody, and says only that the program is whole; it needs
 * no Mac to make. The form is that which Go's linker writes (cmd/internal/codesign): one code directory, with a SHA-256 for
 * each page. https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h
 */
export function signAdHoc(program: Uint8Array, identifier: string): Buffer {
  const unsigned = withCommand(Buffer.from(program))
  const { signature = 0, linkEdit, text } = loadCommands(unsigned)
  // Where a former signature begins: all before it is signed.
  const end = unsigned.readUInt32LE(signature + 8)
  const signed = Buffer.concat([unsigned.subarray(0, end), Buffer.alloc(sizeOf(end, identifier))])
  const size = signed.length - end
  signed.writeUInt32LE(size, signature + 12)
  // The segment at the end of the file holds the signature.
  const linkEditStart = Number(signed.readBigUInt64LE(linkEdit + 40))
  const linkEditSize = signed.length - linkEditStart
  signed.writeBigUInt64LE(BigInt(roundUp(linkEditSize, 0x4000)), linkEdit + 32)
  signed.writeBigUInt64LE(BigInt(linkEditSize), linkEdit + 48)
  const directory = codeDirectory(signed.subarray(0, end), identifier, {
    start: signed.readBigUInt64LE(text + 40),
    size: signed.readBigUInt64LE(text + 48),
  })
  const head = numbers([0xfade0cc0, 4], [SUPER_BLOB + directory.length, 4], [1, 4], [0, 4], [SUPER_BLOB, 4])
  Buffer.concat([head, directory]).copy(signed, end)
  return signed
}

const HEADER = 32
const LC_SEGMENT_64 = 0x19
const LC_CODE_SIGNATURE = 0x1d
/** With the place of its one member. */
const SUPER_BLOB = 20
const CODE_DIRECTORY = 88
const HASH = 32
const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
const AD_HOC_BY_LINKER = 0x20002
const MAIN_BINARY = 1

/** Where the load commands are that a signature touches, from the start of the file. */
function loadCommands(program: Buffer) {
  if (program.readUInt32LE(0) !== 0xfeedfacf) throw new Error('That is no program for macOS (Mach-O with 64 bits)')
  const found = new Map<string, number>()
  let at = HEADER
  for (let left = program.readUInt32LE(16); left > 0; left -= 1) {
    const command = program.readUInt32LE(at)
    if (command === LC_CODE_SIGNATURE) found.set('signature', at)
    if (command === LC_SEGMENT_64) found.set(program.toString('latin1', at + 8, at + 24).replace(/\0.*$/s, ''), at)
    at += program.readUInt32LE(at + 4)
  }
  const place = (name: string): number => {
    const offset = found.get(name)
    if (offset === undefined) throw new Error(`The program for macOS has no ${name}`)
    return offset
  }
  return { signature: found.get('signature'), linkEdit: place('__LINKEDIT'), text: place('__TEXT'), end: at }
}

/** With the command that says where the signature is: what puts something into a program takes that away. */
function withCommand(program: Buffer): Buffer {
  const { signature, end } = loadCommands(program)
  if (signature !== undefined) return program
  const length = 16
  if (program.subarray(end, end + length).some((byte) => byte !== 0))
    throw new Error('The program for macOS has no room for a signature')
  const padded = Buffer.concat([program, Buffer.alloc(roundUp(program.length, 16) - program.length)])
  for (const [index, value] of [LC_CODE_SIGNATURE, length, padded.length, 0].entries())
    padded.writeUInt32LE(value, end + 4 * index)
  padded.writeUInt32LE(padded.readUInt32LE(16) + 1, 16)
  padded.writeUInt32LE(padded.readUInt32LE(20) + length, 20)
  return padded
}

function codeDirectory(
  code: Buffer,
  identifier: string,
  text: { readonly start: bigint; readonly size: bigint },
): Buffer {
  const name = Buffer.from(`${identifier}\0`)
  const pages = Math.ceil(code.length / PAGE)
  const hashes = Array.from({ length: pages }, (_, page) =>
    createHash('sha256')
      .update(code.subarray(page * PAGE, (page + 1) * PAGE))
      .digest(),
  )
  const hashesAt = CODE_DIRECTORY + name.length
  const fields = numbers(
    [0xfade0c02, 4],
    [hashesAt + pages * HASH, 4],
    [0x20400, 4],
    [AD_HOC_BY_LINKER, 4],
    [hashesAt, 4],
    [CODE_DIRECTORY, 4],
    // Special slots, code slots, end of what is signed; size and kind of the hashes, platform, size of a page.
    [0, 4],
    [pages, 4],
    [code.length, 4],
    [HASH, 1],
    [2, 1],
    [0, 1],
    [PAGE_BITS, 1],
    // Spare, scatter, team, spare, and the end once more where 32 bits are too few.
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 8],
    [text.start, 8],
    [text.size, 8],
    [MAIN_BINARY, 8],
  )
  return Buffer.concat([fields, name, ...hashes])
}

function sizeOf(end: number, identifier: string): number {
  return roundUp(SUPER_BLOB + CODE_DIRECTORY + identifier.length + 1 + Math.ceil(end / PAGE) * HASH, 16)
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to
}

/** Big-endian, as all of a signature. */
function numbers(...fields: readonly (readonly [value: number | bigint, bytes: 1 | 4 | 8])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(8)
      field.writeBigUInt64BE(BigInt(value))
      return field.subarray(8 - bytes)
    }),
  )
}
