/** The parts of the ELF format (64 bit, little-endian: ELF-64 Object File Format 1.5) that are needed to leave sections out. */
const HEADER = { sectionTable: 0x28, sectionSize: 0x3a, sectionCount: 0x3c, namesIndex: 0x3e }
const SECTION = { flags: 0x08, offset: 0x18, size: 0x20, length: 0x40 }
const PROGRAM = { table: 0x20, entrySize: 0x36, count: 0x38, type: 0x00, offset: 0x08, fileSize: 0x20 }
const LOAD = 1
const ALLOCATED = 0x2n

/**
 * An ELF program without what only debuggers read: the symbols of Node are a quarter of it. Nothing that is loaded moves. Must
 * be done before a blob is put into the program. Throws where the file is no such program, or lies in another order.
 */
export function stripElf(program: Buffer): Buffer {
  if (program.readUInt32BE(0) !== 0x7f454c46 || program[4] !== 2 || program[5] !== 1)
    throw new Error('this is no little-endian ELF program of 64 bit')
  const sections = sectionsOf(program)
  const kept = sections.filter(
    (section, index) => index === 0 || (section.readBigUInt64LE(SECTION.flags) & ALLOCATED) > 0n,
  )
  if (kept.some((section, index) => section !== sections[index]))
    throw new Error('sections that are loaded lie behind others that are not')

  const loaded = program.subarray(0, loadedEnd(program))
  const nameTable = sections[program.readUInt16LE(HEADER.namesIndex)]
  if (nameTable === undefined) throw new Error('the names of its sections are missing')
  const names = contentOf(program, nameTable)
  const moved = Buffer.from(nameTable)
  moved.writeBigUInt64LE(BigInt(loaded.length), SECTION.offset)

  const padding = Buffer.alloc(-(loaded.length + names.length) & 7)
  const stripped = Buffer.concat([loaded, names, padding, ...kept, moved])
  stripped.writeBigUInt64LE(BigInt(loaded.length + names.length + padding.length), HEADER.sectionTable)
  stripped.writeUInt16LE(kept.length + 1, HEADER.sectionCount)
  stripped.writeUInt16LE(kept.length, HEADER.namesIndex)
  return stripped
}

function sectionsOf(program: Buffer): readonly Buffer[] {
  const table = Number(program.readBigUInt64LE(HEADER.sectionTable))
  return Array.from({ length: program.readUInt16LE(HEADER.sectionCount) }, (_, index) =>
    program.subarray(table + index * SECTION.length, table + (index + 1) * SECTION.length),
  )
}

function contentOf(program: Buffer, section: Buffer): Buffer {
  const start = Number(section.readBigUInt64LE(SECTION.offset))
  return program.subarray(start, start + Number(section.readBigUInt64LE(SECTION.size)))
}

/** Where the last segment that is loaded ends in the file. */
function loadedEnd(program: Buffer): number {
  const table = Number(program.readBigUInt64LE(PROGRAM.table))
  const size = program.readUInt16LE(PROGRAM.entrySize)
  const ends = Array.from({ length: program.readUInt16LE(PROGRAM.count) }, (_, index) => {
    const entry = program.subarray(table + index * size, table + (index + 1) * size)
    if (entry.readUInt32LE(PROGRAM.type) !== LOAD) return 0
    return Number(entry.readBigUInt64LE(PROGRAM.offset) + entry.readBigUInt64LE(PROGRAM.fileSize))
  })
  return Math.max(...ends)
}
