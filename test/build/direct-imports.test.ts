import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withDirectImports } from '../../scripts/direct-imports.ts'

const FILES = new Map(
  Object.entries({
    'core/index.ts': `export { type Shape, area, volume as content } from './shapes.ts'
export type { Colour } from './colours.ts'
export {
  deep,
} from './further/index.ts'
export const own = 1
`,
    'core/further/index.ts': "export { deepest as deep } from './deepest.ts'\n",
  }).map(([path, text]) => [join('/src', path), text]),
)

const changed = (text: string) =>
  withDirectImports(text, join('/src', 'ui', 'a.ts'), (path) => {
    const found = FILES.get(path)
    if (found === undefined) throw new Error(`nobody should read ${path}`)
    return found
  })

test('takes each value from the file that has it, under the name that it has there', () => {
  expect(changed("import { area, content as room, deep, type Shape } from '../core/index.ts'\nroom(area)\n")).toBe(
    [
      'import { area as area } from "../core/shapes.ts"',
      'import { volume as room } from "../core/shapes.ts"',
      'import { deepest as deep } from "../core/further/deepest.ts"\nroom(area)\n',
    ].join('; '),
  )
})

test('leaves what the index has itself, types, and other imports as they are', () => {
  expect(changed("import {\n  own,\n} from '../core/index.ts'\n")).toBe(
    'import { own as own } from "../core/index.ts"\n',
  )
  expect(changed("import { type Shape } from '../core/index.ts'\n")).toBe('\n')
  for (const text of [
    "import type { Shape } from '../core/index.ts'\n",
    "import { area } from '../core/shapes.ts'\n",
    "const { area } = await import('../core/index.ts')\n",
  ])
    expect(changed(text)).toBe(text)
})
