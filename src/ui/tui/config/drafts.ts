import { isDeepStrictEqual } from 'node:util'
import type { ConfigForm } from '../../../core/actions/config/form.ts'
import {
  describeSetting,
  type Edit,
  formatPath,
  isSecretSchemaPath,
  parsePath,
  shapeAt,
} from '../../../core/config/index.ts'
import type { ConfigState, Draft, Field, Table } from './model.ts'

/** The drafts as edits of the file. */
export function editsOf(drafts: ConfigState['drafts']): readonly Edit[] {
  return [...drafts.values()].map(({ field, value }) => ({ path: field.at, value }))
}

/** The drafts with one more. What would leave everything as it is, is none. */
export function withDraft(drafts: ConfigState['drafts'], field: Field, value: unknown): ConfigState['drafts'] {
  const others = [...drafts].filter(([path]) => path !== field.path)
  if (isNothing(field, value)) return new Map(others)
  return new Map<string, Draft>([...others, [field.path, { field, value, isHanded: false }]])
}

/** What a secret is cannot be compared: it is written anew. */
function isNothing(field: Field, value: unknown): boolean {
  if (value === undefined) return field.written === null
  return !field.isSecret && field.written !== null && isDeepStrictEqual(field.value, value)
}

/** The drafts after the file was read again: what it says now is no draft any more, nor is what was applied. */
export function draftsAfter(drafts: ConfigState['drafts'], fields: readonly Field[]): ConfigState['drafts'] {
  const now = new Map(fields.map((field) => [field.path, field]))
  return new Map(
    [...drafts].filter(([path, { field, value, isHanded }]) => {
      const present = now.get(path)
      const isChanged = (present?.written ?? null) !== field.written
      if (isHanded && isChanged) return false
      return present === undefined ? value !== undefined : !isNothing(present, value)
    }),
  )
}

/** The drafts once more as nobody else's: what was asked for was not carried out. */
export function takenBack(drafts: ConfigState['drafts']): ConfigState['drafts'] {
  if (![...drafts.values()].some(({ isHanded }) => isHanded)) return drafts
  return new Map([...drafts].map(([path, draft]) => [path, { ...draft, isHanded: false }]))
}

/** The file says something else now than when the draft was made. */
export function isInConflict(draft: Draft, fields: readonly Field[]): boolean {
  const present = fields.find(({ path }) => path === draft.field.path)
  return (present?.written ?? null) !== draft.field.written
}

/** What would be shown as the value, with the draft of it. */
export function heldBy(field: Field, draft: Draft | undefined): unknown {
  if (draft === undefined) return field.value
  return draft.value === undefined ? field.fallback : draft.value
}

/** The settings that a new name in a table brings. */
export function addedFields(table: Table, name: string, { layer }: ConfigForm): readonly Field[] {
  const base = [...parsePath(table.path), name]
  const paths = shapeAt(base) === 'section' ? table.keys.map((key) => [...base, key]) : [base]
  return paths.map((path): Field => {
    const { kind, choices, description } = describeSetting(formatPath(path))
    return {
      path: formatPath(path),
      section: String(path[0]),
      kind,
      choices,
      help: description,
      isSecret: isSecretSchemaPath(path),
      ...(path[0] === 'secretVariables' && { generate: 'password' as const }),
      isRequired: false,
      value: undefined,
      origin: undefined,
      fallback: undefined,
      at: layer === undefined ? path : ['environments', layer, ...path],
      written: null,
    }
  })
}
