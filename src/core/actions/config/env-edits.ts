import {
  didYouMean,
  type Edit,
  ENVIRONMENTS,
  type EnvironmentName,
  formatPath,
  getPath,
  isTree,
  type Path,
  parseAssignment,
  parsePath,
} from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import { describeFailure, interpolate, type Template, templateNames } from '../../stack/index.ts'
import { hiddenBy, inLayer } from './layer.ts'

/** The config as it is written, and what is known around it. */
export interface EnvSubject {
  readonly data: unknown
  readonly template: Template
  /** Write into what holds for this environment only. */
  readonly environment?: EnvironmentName | undefined
}

export interface NamedValue {
  readonly name: string
  readonly value: string
}

/** What is to be changed in the config, and what each name came to be there. */
export interface EnvEdits {
  readonly edits: readonly Edit[]
  readonly changes: readonly { readonly name: string; readonly path: string }[]
  readonly warnings: readonly string[]
}

/**
 * Gives variables values: a name that the template takes from one setting is that setting, one that it makes up itself is
 * overridden, every other one is the user's own. `secret` values came by a way that nobody else can read.
 *
 * Errors: USAGE for a name that is none, a value that does not fit the setting, or a secret among the open values.
 */
export function setEdits(
  subject: EnvSubject,
  open: readonly NamedValue[],
  secret: readonly NamedValue[] = [],
): EnvEdits {
  const known = templateNames(subject.template)
  const set = ({ name, value }: NamedValue, isSecret: boolean): readonly Edit[] => {
    assertName(name)
    const { place, mustBeSecret } = placeOf(subject, known, name, isSecret)
    if (mustBeSecret && !isSecret) throw openSecret(name)
    if (isSecret && place[0] === 'docker') throw notEncrypted(name, known.get(name)?.paths ?? [])
    if (place[0] === 'variables') assertText(name, value)
    const { path, value: typed } = parseAssignment(`${formatPath(inLayer(place, subject.environment))}=${value}`, {
      asText: isSecret,
    })
    return [...(place[0] === 'secretVariables' ? leavesOf(subject, ['variables', name]) : []), { path, value: typed }]
  }
  const all = [...open.map((one) => ({ one, isSecret: false })), ...secret.map((one) => ({ one, isSecret: true }))]
  const done = all.map(({ one, isSecret }) => ({ name: one.name, edits: set(one, isSecret) }))
  return reportOf(subject, done)
}

/**
 * Takes variables out of the config, wherever it sets them; what the template says holds again. A name that has nothing to
 * be taken out is left alone when the template knows it. Errors: USAGE for one that nobody knows.
 */
export function unsetEdits(subject: EnvSubject, names: readonly string[]): EnvEdits {
  const known = templateNames(subject.template)
  const done = names.map((name) => {
    assertName(name)
    const { paths = [], isSetting = false } = known.get(name) ?? {}
    const places: readonly Path[] = [
      ['docker', 'environmentOverrides', name],
      ['variables', name],
      ['secretVariables', name],
      ...(isSetting ? paths.map(parsePath) : []),
    ]
    const written = places
      .map((place) => inLayer(place, subject.environment))
      .filter((path) => isWritten(subject, path))
    if (written.length === 0 && !known.has(name)) throw unknown(subject, name, [...known.keys()], places)
    return { name, edits: written.map((path): Edit => ({ path, value: undefined })) }
  })
  return reportOf(subject, done)
}

interface Place {
  readonly place: Path
  readonly mustBeSecret: boolean
}

/** Where the value of a name belongs in the config, before it is known for which environment. */
function placeOf(subject: EnvSubject, known: ReturnType<typeof templateNames>, name: string, isSecret: boolean): Place {
  const override: Path = ['docker', 'environmentOverrides', name]
  // It comes before everything else: another place would have no effect.
  if (isWritten(subject, override) || isWritten(subject, inLayer(override, subject.environment))) {
    return { place: override, mustBeSecret: false }
  }
  const meaning = known.get(name)
  const [path] = meaning?.paths ?? []
  if (meaning?.isSetting && path !== undefined) return { place: parsePath(path), mustBeSecret: meaning.secret }
  // Neither may be among the user's own: the template sets it, or Compose would take it for a setting of its own.
  if (meaning !== undefined || name.startsWith('COMPOSE_')) {
    return { place: override, mustBeSecret: meaning?.secret ?? false }
  }
  const wasSecret = leavesOf(subject, ['secretVariables', name]).length > 0
  return { place: [isSecret || wasSecret ? 'secretVariables' : 'variables', name], mustBeSecret: wasSecret }
}

function isWritten({ data }: EnvSubject, path: Path): boolean {
  return getPath(data, path) !== undefined
}

/** Removes a value wherever it is written: in the file and for any environment. */
function leavesOf(subject: EnvSubject, path: Path): readonly Edit[] {
  const layers: readonly Path[] = [[], ...ENVIRONMENTS.map((name) => ['environments', name])]
  return layers
    .map((layer) => [...layer, ...path])
    .filter((place) => isWritten(subject, place))
    .map((place) => ({ path: place, value: undefined }))
}

function reportOf(
  subject: EnvSubject,
  done: readonly { readonly name: string; readonly edits: readonly Edit[] }[],
): EnvEdits {
  const changes = done.flatMap(({ name, edits }) => edits.map(({ path }) => ({ name, path: formatPath(path) })))
  const edits = done.flatMap((one) => one.edits)
  return {
    edits,
    changes: [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()],
    warnings: hiddenBy(subject.data, edits),
  }
}

function assertName(name: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return
  throw new DdalabError('USAGE', `"${name}" cannot be the name of a variable`, {
    hint: 'Use letters, digits and underscores, no digit at the start: env set NAME=VALUE.',
  })
}

/** A text that Compose could not read is refused before it is written. */
function assertText(name: string, text: string): void {
  const result = interpolate(text, () => 'something')
  if ('value' in result) return
  const { message, hint } = describeFailure(result.failure)
  throw new DdalabError('USAGE', `${name}: ${message}`, { hint })
}

/** Command lines are kept in histories and seen by every user of the machine: a secret does not belong there (contract 8). */
function openSecret(name: string): DdalabError {
  return new DdalabError('USAGE', `${name} is a secret and must not be on the command line.`, {
    hint: `Give it in a file or on stdin: --secret-file ${name}=PATH, or --secret-file ${name}=- with the value piped in.`,
  })
}

function notEncrypted(name: string, paths: readonly string[]): DdalabError {
  const instead =
    paths.length === 0 ? 'Give the variable another name.' : `Set what it is made of: ${paths.join(', ')}.`
  return new DdalabError('USAGE', `${name} could only be in docker.environmentOverrides, where no secret is kept`, {
    hint: instead,
  })
}

function unknown(subject: EnvSubject, name: string, known: readonly string[], places: readonly Path[]): DdalabError {
  const elsewhere = places.flatMap((place) => leavesOf(subject, place)).map(({ path }) => formatPath(path))
  if (elsewhere.length > 0) {
    return new DdalabError('USAGE', `${name} is not set there, but as ${elsewhere.join(' and ')}`, {
      hint: 'Say for which environment: --environment NAME, or leave that out.',
    })
  }
  const own = ['variables', 'secretVariables'].flatMap((section) => {
    const table = getPath(subject.data, [section])
    return isTree(table) ? Object.keys(table) : []
  })
  const meant = didYouMean(name, [...own, ...known])
  return new DdalabError('USAGE', `There is no variable ${name}`, {
    hint: meant === undefined ? 'See all with "ddalab env list".' : `Did you mean ${meant}?`,
  })
}
