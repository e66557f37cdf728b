import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { decodeConfig, editText, getPath, isSealed, parseDocument, readConfigBytes } from '../../config/index.ts'
import { DdalabError, toDdalabError } from '../../errors.ts'
import { readBytesIfExists, writeFileAtomic } from '../../files.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
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
 * the person gives up: then it is kept, and the error says where.
 *
 * Errors: those of `prepareChange`.
 */
export async function editByHand(world: World, target: Target, { edit, again }: Editing): Promise<PreparedChange> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const bytes = await readConfigBytes(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const { text, section, isBroken } = withoutSection(decodeConfig(bytes, file), file)
  const draft = join(dirname(file), `.${basename(file, '.yml')}.${randomBytes(4).toString('hex')}.yml`)
  await writeFileAtomic(draft, text, { mode: 0o600 })
  for (;;) {
    await edit(draft)
    try {
      const typed = await readBytesIfExists(draft)
      if (typed === undefined) throw new DdalabError('CONFIG_UNREADABLE', `The editor left no file at ${draft}`)
      const changed = decodeConfig(typed, file)
      const whole = section === undefined ? changed : editText(changed, [{ path: [SECTION], value: section }], file)
      const prepared = await prepareChange(world, target, isBroken ? { replacement: whole } : () => ({ text: whole }))
      if (hashOf(prepared.former) !== hashOf(bytes)) throw changedMeanwhile(file)
      await rm(draft, { force: true })
      return prepared
    } catch (thrown) {
      const error = toDdalabError(thrown)
      if (await again(error)) continue
      throw new DdalabError(error.code, error.message, {
        ...error.options,
        hint: `Your text is kept in ${draft}. ${error.options.hint ?? ''}`.trim(),
        cause: error,
      })
    }
  }
}

/** What is no YAML is opened as it is, to be put right. */
function withoutSection(text: string, file: string) {
  const { problems, data } = parseDocument(text, file)
  const isBroken = problems.length > 0
  if (isBroken || !isSealed(data)) return { text, section: undefined, isBroken }
  const rest = editText(text, [{ path: [SECTION], value: undefined }], file)
  return { text: rest, section: getPath(data, [SECTION]), isBroken }
}
