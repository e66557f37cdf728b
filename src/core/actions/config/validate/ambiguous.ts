import { type Examined, formatPath, isTree, type Path } from '../../../config/index.ts'
import { type Found, found } from './rules.ts'

/**
 * Values without quotes that a reader of YAML 1.1 takes for something else than we do: 0644 is 644 in YAML 1.2 and 420 there,
 * `yes` is a text and true there. The values themselves are not told: they may be secrets.
 */
export function ambiguousValues({ yaml }: Examined): readonly Found[] {
  if (yaml.brokenFrom !== undefined) return []
  return leaves(yaml.data, []).flatMap(({ path, value }) => {
    const [start, end] = yaml.span(path)?.value ?? [0, 0]
    const written = yaml.text.slice(start, end)
    const name = formatPath(path)
    if (typeof value === 'number' && /^[-+]?0\d/.test(written)) {
      return [
        found(
          'yaml-ambiguous',
          path,
          `${name} begins with a zero: other programs read another number`,
          'Leave the zero out; put it in quotes where a text is meant.',
        ),
      ]
    }
    if (typeof value === 'string' && /^(?:y|n|yes|no|on|off)$/i.test(written)) {
      return [
        found(
          'yaml-ambiguous',
          path,
          `${name} is a text here, and true or false in other programs`,
          'Write true or false, or put the text in quotes.',
        ),
      ]
    }
    return []
  })
}

function leaves(data: unknown, path: Path): readonly { readonly path: Path; readonly value: unknown }[] {
  if (Array.isArray(data)) return data.flatMap((item, index) => leaves(item, [...path, index]))
  if (isTree(data)) return Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]))
  return [{ path, value: data }]
}
