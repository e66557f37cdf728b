import { randomBytes } from 'node:crypto'
import {
  type Assignment,
  didYouMean,
  type Edit,
  type EnvironmentName,
  editText,
  formatPath,
  generateSecret,
  getPath,
  hintForUnknown,
  isTree,
  type Path,
  parseAssignment,
  parsePath,
  schemaAt,
  secretFields,
  setPath,
} from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import { configPath, secretTest, type Template } from '../../stack/index.ts'
import { hiddenBy, inLayer } from './layer.ts'
import type { ConfigEdit } from './prepare-change.ts'

export interface Wishes {
  /** `K=V`; secrets are refused here. */
  readonly set: readonly string[]
  /** Values that came by a way that nobody else can read. */
  readonly setSecretly: readonly { readonly key: string; readonly value: string }[]
  /** Secrets to be made anew. */
  readonly generate: readonly string[]
}

/**
 * Sets settings, typed by the schema; with an environment, what holds there only. Errors: USAGE for what is no setting, does not fit, is a secret in `set`, or a parameter
 * that the template does not have.
 */
export function setting({ set, setSecretly, generate }: Wishes, environment?: EnvironmentName): ConfigEdit {
  return async ({ text, file, data, template: present, findTemplate }) => {
    const open = set.map((given) => parseAssignment(assignmentIn(given, environment)))
    const closed = setSecretly.map(({ key, value }) =>
      parseAssignment(assignmentIn(`${key}=${value}`, environment), { asText: true }),
    )
    const named = open.find(({ path }) => formatPath(path) === 'template')?.value
    const template = typeof named === 'string' ? await findTemplate(named) : present
    refuseOpenSecrets(open, template)
    const made = generate.map((name): Edit => {
      const path = inLayer(parsePath(name), environment)
      return { path, value: generateSecret(kindOf(path, template), randomBytes) }
    })
    const edits = [...open, ...closed, ...made].map(({ path, value }): Edit => ({ path, value }))
    refuseUnknownParameters(edits, template)
    return { text: editText(text, edits, file), warnings: hiddenBy(data, edits) }
  }
}

/** Values as they are to stand in the file; undefined takes one out. For a form, which has checked them and asked for secrets. */
export function setEdits(edits: readonly Edit[]): ConfigEdit {
  return ({ text, file, data, template }) => {
    refuseUnknownParameters(edits, template)
    return { text: editText(text, edits, file), warnings: hiddenBy(data, edits) }
  }
}

/** The same `K=V` for an environment only. What has no `=` is for the parser to refuse. */
function assignmentIn(given: string, environment: EnvironmentName | undefined): string {
  const equals = given.indexOf('=')
  if (environment === undefined || equals < 1) return given
  return formatPath(inLayer(parsePath(given.slice(0, equals).trim()), environment)) + given.slice(equals)
}

/**
 * Takes settings or whole sections out of the file, and sections that are empty then; what is not in it stays out. Errors:
 * USAGE for what is no setting.
 */
export function unsetting(names: readonly string[], environment?: EnvironmentName): ConfigEdit {
  return ({ text, file, data }) => {
    const edits = names.map((name): Edit => {
      const path = inLayer(parsePath(name), environment)
      if (formatPath(path) === 'version') throw new DdalabError('USAGE', 'version cannot be taken out')
      if (schemaAt(path) === undefined && getPath(data, path) === undefined) {
        throw new DdalabError('USAGE', `${formatPath(path)} is not a setting`, { hint: hintForUnknown(path) })
      }
      return { path, value: undefined }
    })
    return { text: editText(text, withEmptySections(data, edits), file) }
  }
}

/** Carries out edits as they are; of what is taken out, sections that are empty then go as well. */
export function editing(edits: readonly Edit[]): ConfigEdit {
  return ({ text, file, data }) => ({
    text: editText(text, withEmptySections(data, edits), file),
    warnings: hiddenBy(data, edits),
  })
}

function withEmptySections(data: unknown, edits: readonly Edit[]): readonly Edit[] {
  let rest = data
  return edits.map((edit) => {
    let { path } = edit
    // An item of a list leaves its list.
    if (path.some((step) => typeof step === 'number')) return edit
    rest = setPath(rest, path, edit.value)
    while (edit.value === undefined && path.length > 1 && isEmpty(getPath(rest, path.slice(0, -1)))) {
      path = path.slice(0, -1)
      rest = setPath(rest, path, undefined)
    }
    return { path, value: edit.value }
  })
}

function isEmpty(section: unknown): boolean {
  return isTree(section) && Object.keys(section).length === 0
}

/** Command lines are kept in histories and seen by every user of the machine: a secret does not belong there (contract 8). */
export function refuseOpenSecrets(given: readonly Assignment[], template: Pick<Template, 'parameters'>): void {
  const isSecret = secretTest(template)
  const open = given.find(({ path }) => isSecret(path))
  if (open === undefined) return
  const name = formatPath(open.path)
  throw new DdalabError('USAGE', `${name} is a secret and must not be on the command line.`, {
    hint: `Give it in a file or on stdin: --set-file ${name}=PATH, or --set-file ${name}=- with the value piped in.`,
  })
}

/** A parameter that the template does not have would be kept and never be used. */
export function refuseUnknownParameters(
  given: readonly { readonly path: Path }[],
  { name: templateName, parameters }: Pick<Template, 'name' | 'parameters'>,
): void {
  const known = parameters.filter(({ config }) => config === undefined).map(({ name }) => name)
  for (const { path } of given) {
    const [section, name] = path[0] === 'environments' ? path.slice(2) : path
    if (section !== 'parameters' || typeof name !== 'string' || known.includes(name)) continue
    const elsewhere = parameters.find((parameter) => parameter.name === name)?.config
    const meant = didYouMean(name, known)
    throw new DdalabError(
      'USAGE',
      `${formatPath(path)} is not a setting: the template ${templateName} has no such parameter`,
      {
        hint:
          elsewhere !== undefined
            ? `Its value is in ${elsewhere}.`
            : meant !== undefined
              ? `Did you mean parameters.${meant}?`
              : `${known.length === 0 ? 'It has none' : `Its parameters: ${known.join(', ')}`}. A variable of your own is variables.${name}.`,
      },
    )
  }
}

/** How a secret is made. Errors: USAGE for what is no secret, or one that comes from elsewhere. */
function kindOf(path: Path, { parameters }: Template) {
  const steps = path[0] === 'environments' ? path.slice(2) : path
  const name = formatPath(steps)
  const kind =
    secretFields.find((field) => field.path === name)?.generate ??
    parameters.find((parameter) => parameter.secret && configPath(parameter) === name)?.generate ??
    (steps[0] === 'secretVariables' ? 'password' : undefined)
  if (kind !== undefined) return kind
  throw new DdalabError('USAGE', `${formatPath(path)} cannot be generated`, {
    hint: 'Only passwords and keys that the stack itself checks can be made here.',
  })
}
