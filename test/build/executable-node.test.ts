import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeProgram } from '../../scripts/executable/stock-node.ts'
import { stripElf } from '../../scripts/executable/strip-elf.ts'
import { aFolder } from '../cli/temporary.ts'

describe('a stock Node without its symbols', () => {
  test.runIf(process.platform === 'linux')('is smaller, and runs', async () => {
    const node = readFileSync(process.execPath)
    const stripped = stripElf(node)
    expect(stripped.length).toBeLessThan(node.length * 0.9)
    expect(stripElf(stripped).length).toBe(stripped.length)
    const file = join(aFolder(), 'node')
    await writeProgram(file, stripped)
    expect(execFileSync(file, ['-p', 'process.version'], { encoding: 'utf8' }).trim()).toBe(process.version)
  })

  test('is refused when it is no ELF program', () => {
    expect(() => stripElf(Buffer.from('MZ and so on'))).toThrow('no little-endian ELF program')
  })
})
