import { type Config, describeSetting, get } from '../../core/config/index.ts'
import type { Template } from '../../core/stack/index.ts'

export type Kind = 'text' | 'number' | 'port' | 'size' | 'list' | 'path' | 'secret' | 'choice' | 'flag'

export interface Choice {
  readonly value: string
  readonly label: string
  readonly help?: string
}

/** What is looked up on this machine about an answer: `of` are the fields whose texts it needs. */
export interface Probe {
  readonly about: 'port' | 'folder' | 'certificate' | 'cpus' | 'memory'
  readonly of: readonly string[]
}

/** One question. Pure data but for `settings`. */
export interface Field {
  /** Unique in a wizard; what is typed is kept under it. */
  readonly id: string
  readonly label: string
  readonly help: string
  readonly kind: Kind
  /** For `choice` and `flag`. */
  readonly choices: readonly Choice[]
  /** What holds when nothing is answered; `''` when nothing does. */
  readonly fallback: string
  /** It cannot be left empty. */
  readonly required: boolean
  /** The fallback goes into the config, too: it is an offer, no default of the template. */
  readonly explicit?: boolean
  /** Asked only while another question is answered so. */
  readonly when?: { readonly id: string; readonly is: string }
  readonly probe?: Probe
  /** What an answer means, as `--set` takes it: `K=V`. */
  readonly settings: (text: string) => readonly string[]
}

export interface Step {
  readonly id: string
  readonly title: string
  readonly intro?: string
  readonly fields: readonly Field[]
}

/** What the questions are derived from. */
export interface Facts {
  readonly instance: string
  readonly home: string
  readonly template: Template
  /** What holds in the chosen environment where nothing is answered. */
  readonly defaults: Config
  /** The dotted paths of the settings that the template uses. */
  readonly uses: ReadonlySet<string>
  readonly machine: Machine
}

/** What the machine of the engine has, where that is known. */
export interface Machine {
  readonly cpus?: number
  /** Bytes. */
  readonly memory?: number
}

const FLAG: readonly Choice[] = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

export interface Given {
  readonly label: string
  readonly help?: string
  readonly kind?: Kind
  readonly choices?: readonly Choice[]
  readonly required?: boolean
  readonly when?: Field['when']
  readonly probe?: Probe['about']
}

/** The question for one setting of the config: kind, help, choices and default are those of the schema and the template. */
export function settingField({ defaults }: Pick<Facts, 'defaults'>, path: string, given: Given): Field {
  const { kind, choices, description } = describeSetting(path)
  const known = kind === 'flag' ? FLAG : choices.map((value) => ({ value, label: value }))
  return {
    id: path,
    label: given.label,
    help: given.help ?? description,
    kind: given.kind ?? kind,
    choices: given.choices ?? known,
    fallback: textOf(get(defaults, path)),
    required: given.required ?? false,
    ...(given.when !== undefined && { when: given.when }),
    ...(given.probe !== undefined && { probe: { about: given.probe, of: [path] } }),
    settings: (text) => [`${path}=${text}`],
  }
}

export interface ChoiceGiven {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly fallback: string
  /** What each choice sets, as `K=V`. */
  readonly choices: readonly (Choice & { readonly sets: readonly string[] })[]
}

/** A question whose answers each set something of their own. */
export function choiceField({ choices, ...given }: ChoiceGiven): Field {
  return {
    ...given,
    kind: 'choice',
    choices,
    required: false,
    settings: (text) => choices.find(({ value }) => value === text)?.sets ?? [],
  }
}

/** A value of a config as one types it. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.map(String).join(', ') : String(value)
}
