import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import type { YamlDocument } from '../document.ts'
import { getPath, isTree, type Path } from '../path.ts'
import { SECTION } from './leaves.ts'
import { DEFAULT_SELECTOR, SELECTOR_RULES, type Selector } from './selector.ts'

/** The data key, encrypted for one recipient. */
export interface WrappedKey {
  readonly recipient: string
  /** An armored age file. */
  readonly enc: string
}

/** What the section `sops` of a file says. */
export interface Metadata {
  readonly keys: readonly WrappedKey[]
  /** Where the keys stand. */
  readonly keysPath: Path
  /** Other ways to the data key that the file has, such as `pgp`. */
  readonly otherKeys: readonly string[]
  readonly selector: Selector
  readonly macOnlyEncrypted: boolean
  /** RFC 3339; authenticated with the MAC. */
  readonly lastModified: string
  readonly mac: string | undefined
}

const OTHER_KEYS = ['kms', 'pgp', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms', 'plugins']

const text = z.string().nullish()
const keys = z.array(z.object({ recipient: z.string(), enc: z.string() })).nullish()
const others = Object.fromEntries(OTHER_KEYS.map((name) => [name, z.array(z.unknown()).nullish()]))
const rules = Object.fromEntries(SELECTOR_RULES.map((rule) => [rule, text]))
const section = z.object({
  ...others,
  ...rules,
  age: keys,
  key_groups: z.array(z.object({ age: keys, ...others })).nullish(),
  lastmodified: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/),
  mac: text,
  mac_only_encrypted: z.boolean().nullish(),
})

/** Whether a document was encrypted with SOPS: it has the section `sops`. */
export function isSealed(data: unknown): boolean {
  return isTree(getPath(data, [SECTION]))
}

/** The section `sops` of a document. Errors: SECRETS_MALFORMED, SECRETS_UNSUPPORTED. */
export function readMetadata({ data, file, locate }: YamlDocument): Metadata {
  const fail = (code: 'SECRETS_MALFORMED' | 'SECRETS_UNSUPPORTED', message: string, hint: string, path: Path = []) =>
    new DdalabError(code, message, { hint, place: locate([SECTION, ...path], 'key') })

  const parsed = section.safeParse(getPath(data, [SECTION]))
  if (!parsed.success) {
    const path = (parsed.error.issues[0]?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)))
    const hint = 'Take the file back from a backup; the section is written by programs only.'
    throw fail(
      'SECRETS_MALFORMED',
      `${[SECTION, ...path].join('.')} in ${file} is missing or is not what sops writes`,
      hint,
      path,
    )
  }
  const found = parsed.data
  const groups = found.key_groups ?? []
  const top: { readonly [name: string]: unknown } = found
  const atTop = [...OTHER_KEYS, 'age'].some((name) => isFilled(top[name]))
  if (!atTop && groups.length > 1) {
    const hint = 'Open it with sops, or put all recipients into one group.'
    throw fail('SECRETS_UNSUPPORTED', `${file} needs keys of several groups together to be opened`, hint, [
      'key_groups',
    ])
  }
  const group: { readonly [name: string]: unknown } = atTop ? top : (groups[0] ?? {})
  const wrapped = (atTop ? found.age : groups[0]?.age) ?? []
  const otherKeys = OTHER_KEYS.filter((name) => isFilled(group[name]))
  if (wrapped.length === 0) {
    if (otherKeys.length === 0) {
      const hint = 'Take the file back from a backup.'
      throw fail('SECRETS_MALFORMED', `${file} says of no key how to get at its secrets`, hint)
    }
    const hint = `Add an age recipient with sops: sops rotate --in-place --add-age RECIPIENT ${file}`
    throw fail('SECRETS_UNSUPPORTED', `${file} can only be opened with ${otherKeys.join(', ')}, not with age`, hint)
  }

  const selectors = SELECTOR_RULES.flatMap((rule): Selector[] => {
    const pattern = top[rule]
    return typeof pattern === 'string' && pattern !== '' ? [{ rule, pattern }] : []
  })
  const [selector = DEFAULT_SELECTOR, second] = selectors
  if (second !== undefined) {
    const hint = `Keep one of ${selectors.map(({ rule }) => rule).join(', ')}.`
    throw fail('SECRETS_MALFORMED', `${file} has more than one rule about what is encrypted`, hint, [second.rule])
  }
  return {
    keys: wrapped,
    keysPath: atTop ? [SECTION, 'age'] : [SECTION, 'key_groups', 0, 'age'],
    otherKeys,
    selector,
    macOnlyEncrypted: found.mac_only_encrypted ?? false,
    lastModified: found.lastmodified.replace(/\.\d+/, '').replace(/[-+]00:00$/, 'Z'),
    mac: found.mac ?? undefined,
  }
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}
