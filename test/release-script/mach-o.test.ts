import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signAdHoc } from '../../scripts/release/mach-o-signature.ts'

const LINK_EDIT = 12_288

/** Three segments and an old signature of 100 bytes, which begins at `end`. */
function program(end = 13_000): Buffer {
  const bytes = Buffer.alloc(end + 100, 'x')
  bytes.fill(0, 0, 400)
  bytes.writeUInt32LE(0xfeedfacf, 0)
  bytes.writeUInt32LE(3, 16)
  bytes.writeUInt32LE(160, 20)
  const segment = (at: number, name: string, start: number, size: number) => {
    bytes.writeUInt32LE(0x19, at)
    bytes.writeUInt32LE(72, at + 4)
    bytes.write(name, at + 8)
    bytes.writeBigUInt64LE(BigInt(start), at + 40)
    bytes.writeBigUInt64LE(BigInt(size), at + 48)
  }
  segment(32, '__TEXT', 0, 8192)
  segment(104, '__LINKEDIT', LINK_EDIT, bytes.length - LINK_EDIT)
  for (const [index, value] of [0x1d, 16, end, 100].entries()) bytes.writeUInt32LE(value, 176 + 4 * index)
  return bytes
}

describe('the ad hoc signature of a program for macOS', () => {
  const signed = signAdHoc(program(), 'ddalab')
  const directory = signed.subarray(13_000 + 20)

  it('is one code directory, at the end of the file and of its last segment', () => {
    expect(signed.readUInt32LE(176 + 8)).toBe(13_000)
    expect(signed.readUInt32LE(176 + 12)).toBe(signed.length - 13_000)
    expect(Number(signed.readBigUInt64LE(104 + 48))).toBe(signed.length - LINK_EDIT)
    expect(Number(signed.readBigUInt64LE(104 + 32))).toBeGreaterThanOrEqual(signed.length - LINK_EDIT)
    expect([0, 8, 12, 16].map((at) => signed.readUInt32BE(13_000 + at))).toEqual([0xfade0cc0, 1, 0, 20])
    expect(directory.readUInt32BE(0)).toBe(0xfade0c02)
  })

  it('has the hash of every page before it, as they are when all else is written', () => {
    const [hashes, identifier, pages, limit] = [16, 20, 28, 32].map((at) => directory.readUInt32BE(at))
    expect([pages, limit]).toEqual([4, 13_000])
    expect(directory.toString('latin1', identifier, (identifier ?? 0) + 7)).toBe('ddalab\0')
    for (let page = 0; page < 4; page += 1) {
      const content = signed.subarray(page * 4096, Math.min((page + 1) * 4096, 13_000))
      const at = (hashes ?? 0) + page * 32
      expect(directory.subarray(at, at + 32)).toEqual(createHash('sha256').update(content).digest())
    }
  })

  it('is the same each time, and takes the place of a former one', () => {
    expect(signAdHoc(program(), 'ddalab').equals(signed)).toBe(true)
    expect(signAdHoc(signed, 'ddalab').equals(signed)).toBe(true)
  })

  it('is added where there was none, if there is room for its command', () => {
    const unsigned = program()
    unsigned.writeUInt32LE(2, 16)
    unsigned.writeUInt32LE(144, 20)
    expect(() => signAdHoc(unsigned, 'ddalab')).toThrow('no room')
    unsigned.fill(0, 176, 192)
    const added = signAdHoc(unsigned, 'ddalab')
    expect([16, 20].map((at) => added.readUInt32LE(at))).toEqual([3, 160])
    const end = added.readUInt32LE(176 + 8)
    expect([added.readUInt32LE(176), end]).toEqual([0x1d, 13_104])
    expect(added.subarray(192, 13_100).equals(unsigned.subarray(192))).toBe(true)
    expect(added.readUInt32BE(end)).toBe(0xfade0cc0)
  })

  it('is made for nothing else', () => {
    expect(() => signAdHoc(Buffer.alloc(100), 'ddalab')).toThrow('no program for macOS')
  })
})
