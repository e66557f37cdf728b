import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileSink } from '../../src/ui/cli/file-sink.ts'
import { ddalab, PROGRAM } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** Runs the program with both streams in files. */
function intoFiles(...words: readonly string[]) {
  const [command, ...before] = PROGRAM
  const files = ['out', 'err'].map((name) => join(aFolder(), name))
  const descriptors = files.map((file) => openSync(file, 'w'))
  const { status } = spawnSync(command, [...before, ...words], { stdio: ['ignore', ...descriptors] })
  for (const descriptor of descriptors) closeSync(descriptor)
  const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8'))
  return { code: status, stdout, stderr }
}

describe('what goes into a file', () => {
  it.each([[['completion', 'bash']], [['version', '--licenses']], [['deplyo']], [['deplyo', '--json']]])(
    '%j: is what goes through a pipe',
    async (words) => {
      const { code, stdout, stderr } = await ddalab(words)
      expect(intoFiles(...words)).toEqual({ code, stdout, stderr })
    },
  )

  it('is written when the call returns', () => {
    const file = join(aFolder(), 'out')
    const descriptor = openSync(file, 'w')
    const said: string[] = []
    expect(fileSink(descriptor)?.write('grüße\n', () => said.push('done'))).toBe(true)
    expect([readFileSync(file, 'utf8'), said]).toEqual(['grüße\n', ['done']])
    closeSync(descriptor)
  })

  it('is nothing else: no pipe, no closed descriptor', () => {
    expect(fileSink(9_999)).toBeUndefined()
  })
})
