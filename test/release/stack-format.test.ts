import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { STACK_FORMAT } from '../../src/core/release/index.ts'

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '../../src/core', file), 'utf8')

/** The declarations of what is kept of a release, without comments and spaces. */
function shape(): string {
  const models = ['stack/model.ts', 'stack/model/service.ts', 'stack/model/ingress.ts'].map(textOf)
  const compiled = /^export interface CompiledStack \{$.*?^\}$/ms.exec(textOf('release/compiled.ts'))?.[0] ?? ''
  const text = [...models, compiled].join('\n').replace(/\/\*.*?\*\/|\/\/.*?$/gms, '')
  return createHash('sha256').update(text.replace(/\s+/g, '')).digest('hex').slice(0, 16)
}

it('the format of kept stacks is raised when their shape changes: an earlier one must not be read wrongly', () => {
  // Another shape? Raise STACK_FORMAT, unless what was kept before still means the same; then write the shape down here.
  expect({ format: STACK_FORMAT, shape: shape() }).toMatchInlineSnapshot(`
    {
      "format": 1,
      "shape": "cd96e310fa122234",
    }
  `)
})
