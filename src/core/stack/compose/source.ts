import { isMap, isNode, isPair, isScalar, type Node, parseDocument, type ScalarTag, type Tags } from 'yaml'
import { YAML_ERRORS } from '../../config/yaml-errors.ts'
import type { Place, Problem } from '../../errors.ts'
import { describeFailure, interpolate, type Lookup } from '../interpolate.ts'

export type Path = readonly (string | number)[]

/** Something to tell about a Compose file: an error, or what is left out or may be a mistake. */
export interface Finding extends Problem {
  readonly severity: 'error' | 'warning'
}

/** A Compose file as plain data: merge keys and aliases resolved, whole numbers as bigint, nothing interpolated yet. */
export interface ComposeSource {
  readonly data: unknown
  readonly findings: readonly Finding[]
  /** Where a value lies; of what a merge key brought in, the nearest section around it. */
  readonly place: (path: Path, part?: 'key' | 'value') => Place
}

/** YAML 1.1 numbers that Compose's parser (go-yaml 3) still takes: `0440` is octal, `1_000` is 1000. */
const OLD_NUMBERS: readonly ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?0[0-7]+$/,
    resolve: (text) => BigInt(Number.parseInt(text, 8)),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?[1-9][0-9]*(?:_[0-9]+)+$/,
    resolve: (text) => BigInt(text.replaceAll('_', '')),
  },
]

const DEEPEST = 64

/** Parses the YAML of a Compose file. Never throws for what is in the text. */
export function parseSource(text: string, file: string): ComposeSource {
  const document = parseDocument(text, {
    merge: true,
    intAsBigInt: true,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags: Tags) => [...OLD_NUMBERS, ...tags],
  })
  const at = (offset: number): Place => ({ file, ...lineAndColumn(text, offset) })
  const place = (path: Path, part: 'key' | 'value' = 'value'): Place => at(offsetOf(document.contents, path, part))

  const findings = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }): Finding => {
    const { message, hint } = YAML_ERRORS[code]
    return { severity: 'error', code: 'TEMPLATE_INVALID', message, hint, place: at(offset) }
  })
  if (findings.length > 0) return { data: undefined, findings, place }
  try {
    return { data: document.toJS({ maxAliasCount: 100 }), findings, place }
  } catch {
    const message = 'The aliases (*) of the file cannot be resolved'
    const hint = 'Write the values out, or correct the anchors (&).'
    return {
      data: undefined,
      findings: [{ severity: 'error', code: 'TEMPLATE_INVALID', message, hint, place: at(0) }],
      place,
    }
  }
}

/** The data with the variables of every text replaced; keys are left alone, as in Compose. */
export function interpolateData(
  data: unknown,
  lookup: Lookup,
  report: (path: Path, finding: Omit<Finding, 'place'>) => void,
): unknown {
  return walk(data, [])

  function walk(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return text(value, path)
    if (value === null || typeof value !== 'object') return value
    if (path.length > DEEPEST) {
      const message = 'The values are nested too deeply'
      report(path, {
        severity: 'error',
        code: 'TEMPLATE_INVALID',
        message,
        hint: `At most ${DEEPEST} levels are read.`,
      })
      return null
    }
    if (Array.isArray(value)) return value.map((item: unknown, index) => walk(item, [...path, index]))
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child, [...path, key])]))
  }

  function text(value: string, path: Path): string {
    const result = interpolate(value, lookup, (name) => {
      const message = `The variable ${name} is not set; it counts as empty`
      report(path, {
        severity: 'warning',
        code: 'INTERPOLATION_FAILED',
        message,
        hint: `Set ${name}, or write \${${name}:-}.`,
      })
    })
    if ('value' in result) return result.value
    const { message, hint } = describeFailure(result.failure)
    report(path, { severity: 'error', code: 'INTERPOLATION_FAILED', message: `${path.join('.')}: ${message}`, hint })
    return ''
  }
}

function offsetOf(root: unknown, path: Path, part: 'key' | 'value'): number {
  let node: Node | undefined = isNode(root) ? root : undefined
  let offset = node?.range?.[0] ?? 0
  for (const [index, step] of path.entries()) {
    const { key, value } = childOf(node, step)
    if (key === undefined && value === undefined) return offset
    const last = index === path.length - 1
    const target: Node | undefined = last && part === 'key' ? (key ?? value) : (value ?? key)
    offset = target?.range?.[0] ?? key?.range?.[0] ?? offset
    node = value
  }
  return offset
}

function childOf(node: Node | undefined, step: string | number): { readonly key?: Node; readonly value?: Node } {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    )
    if (pair === undefined) return {}
    return { ...(isNode(pair.key) && { key: pair.key }), ...(isNode(pair.value) && { value: pair.value }) }
  }
  const item = node !== undefined && 'items' in node && typeof step === 'number' ? node.items[step] : undefined
  return isNode(item) ? { value: item } : {}
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
