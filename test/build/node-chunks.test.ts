import { describe, expect, test } from 'vitest'
import { nodeChunk } from '../../scripts/node-chunks.ts'

async function run(text: string): Promise<Record<string, unknown>> {
  return import(`data:text/javascript,${encodeURIComponent(nodeChunk(text))}`)
}

describe('a chunk of the bundle', () => {
  test.each([
    ['names', 'import { join } from "node:path";\nexport const made = join("a", "b");'],
    ['renamed names', 'import { sep, join as join2 } from "node:path";\nexport const made = join2("a", "b");'],
    ['the whole', 'import path from "node:path";\nexport const made = path.join("a", "b");'],
    ['the whole and names', 'import path, { sep } from "node:path";\nexport const made = path.join("a", "b");'],
    ['a namespace', 'import * as path from "node:path";\nexport const made = path.join("a", "b");'],
    ['a module below another', 'import { join } from "node:path/posix";\nexport const made = join("a", "b");'],
  ])('takes %s of a module of Node without an import', async (_form, text) => {
    expect(nodeChunk(text)).not.toMatch(/^import/m)
    expect((await run(text)).made).toBe('a/b')
  })

  test('has what CommonJS needs where it is used, and nowhere else', () => {
    expect(nodeChunk('export const made = require("node:path").join("a", "b");')).toContain('createRequire')
    expect(nodeChunk('export const made = object.require;')).not.toContain('createRequire')
    expect(nodeChunk('export const made = __dirname;')).toContain('import.meta.dirname')
  })

  test('is refused with an import of a form that is not known', () => {
    expect(() => nodeChunk('import { join } from "node:path" with { type: "x" };')).toThrow(/not known/)
  })

  test('keeps its other imports', () => {
    expect(nodeChunk('import { a } from "./chunk.js";')).toContain('import { a } from "./chunk.js";')
  })
})
