import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { decodeConfig, editText, getPath, isSealed, parseDocument, readConfigBytes } from '../../config/index.ts'
import { DdalabError, toDdalabError } from '../../errors.ts'
import { readBytesIfExists, writeFileAtomic } from '../../files.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { type ConfigChangeOptions, type ConfigChangeReport, carryOutChange } from './change-config.ts'
import { type PreparedChange, prepareChange } from './prepare-change.ts'
import { changedMeanwhile, hashOf } from './write-config.ts'

/** What the person at the terminal does. */
export interface Editing {
  /** Opens the editor on a file and waits until it is closed. */
  readonly edit: (file: string) => Promise<void>
  /** The text has errors: shall the editor be opened again? */
  readonly again: (error: DdalabError) => Promise<boolean>
}

const SECTION = 'sops'

/**
 * Has a person edit the config: a copy beside it, without the section that only encryption needs. Secrets stand there
 * encrypted; what is typed over one becomes the new value. The copy is judged when the editor is closed, until it is good or
 * the person gives up. It is kept unless the text has become the config, and it is said where.
 *
 * Errors: those of `prepareChange` and `carryOutChange`.
 */
export async function editByHand(
  world: World,
  target: Target,
  editing: Editing,
  options: ConfigChangeOptions,
): Promise<ConfigChangeReport> {
  const draft = await draftOf(world, target)
  const prepared = await edited(world, target, draft, editing)
  const report = await carryOutChange(world, target, prepared, options).catch((thrown) => {
    throw keptIn(draft, toDdalabError(thrown))
  })
  const isWritten = report.outcome !== 'planned' && report.applied?.outcome !== 'declined'
  if (isWritten) await rm(draft.path, { force: true })
  else world.sink.emit({ type: 'notice', level: 'info', message: `Your text is kept in ${draft.path}.` })
  return report
}

/** A copy of the config, to be edited. */
interface Draft {
  readonly path: string
  /** Of the config, when it was copied. */
  readonly bytes: Uint8Array
  /** Of the copy. */
  readonly text: string
  /** What was left out of it. */
  readonly section: unknown
  /** The config is no YAML. */
  readonly isBroken: boolean
}

async function draftOf(world: World, target: Target): Promise<Draft> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const bytes = await readConfigBytes(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const { text, section, isBroken } = withoutSection(decodeConfig(bytes, file), file)
  const path = join(dirname(file), `.${basename(file, '.yml')}.${randomBytes(4).toString('hex')}.yml`)
  await writeFileAtomic(path, text, { mode: 0o600 })
  return { path, bytes, text, section, isBroken }
}

async function edited(world: World, target: Target, draft: Draft, { edit, again }: Editing): Promise<PreparedChange> {
  const { path, bytes, section, isBroken } = draft
  const file = locateInstance(world, target).paths.config
  for (;;) {
    try {
      await edit(path)
    } catch (thrown) {
      if (hashOf(await readBytesIfExists(path)) !== hashOf(Buffer.from(draft.text))) {
        throw keptIn(draft, toDdalabError(thrown))
      }
      await rm(path, { force: true })
      throw thrown
    }
    try {
      const typed = await readBytesIfExists(path)
      if (typed === undefined) throw new DdalabError('CONFIG_UNREADABLE', `The editor left no file at ${path}`)
      const changed = decodeConfig(typed, file)
      const whole = section === undefined ? changed : editText(changed, [{ path: [SECTION], value: section }], file)
      const prepared = await prepareChange(world, target, isBroken ? { replacement: whole } : () => ({ text: whole }))
      if (hashOf(prepared.former) !== hashOf(bytes)) throw changedMeanwhile(file)
      return prepared
    } catch (thrown) {
      const error = toDdalabError(thrown)
      if (await again(error)) continue
      throw keptIn(draft, error)
    }
  }
}

function keptIn({ path }: Draft, error: DdalabError): DdalabError {
  return new DdalabError(error.code, error.message, {
    ...error.options,
    exit: error.exit,
    hint: `Your text is kept in ${path}. ${error.options.hint ?? ''}`.trim(),
    cause: error,
  })
}

/** What is no YAML is opened as it is, to be put right. */
function withoutSection(text: string, file: string) {
  const { problems, data } = parseDocument(text, file)
  const isBroken = problems.length > 0
  if (isBroken || !isSealed(data)) return { text, section: undefined, isBroken }
  const rest = editText(text, [{ path: [SECTION], value: undefined }], file)
  return { text: rest, section: getPath(data, [SECTION]), isBroken }
}
