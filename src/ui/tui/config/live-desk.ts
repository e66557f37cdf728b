import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { compareStates, history, restoring } from '../../../core/actions/config/backups.ts'
import { carryOutChange, changeConfig } from '../../../core/actions/config/change-config.ts'
import { editByHand } from '../../../core/actions/config/edit-by-hand.ts'
import { editing } from '../../../core/actions/config/edits.ts'
import { readForm } from '../../../core/actions/config/form.ts'
import { type ConfigEdit, prepareChange } from '../../../core/actions/config/prepare-change.ts'
import { showConfig } from '../../../core/actions/config/read-config.ts'
import { validate } from '../../../core/actions/config/validate.ts'
import { changedMeanwhile, hashOf } from '../../../core/actions/config/write-config.ts'
import { locateInstance } from '../../../core/actions/open.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import { generateSecret, getPath, parsePath, readConfigText } from '../../../core/config/index.ts'
import { defaultEditor, openEditor } from '../../cli/editor.ts'
import type { ConfigDesk, Wish } from './desk.ts'
import { typedText } from './value.ts'

/** What has the screen to itself while the work is done: an interrupt is meant for the editor then. */
export type Lend = (work: () => Promise<void>) => Promise<void>

/** The config of an instance, through core. */
export function liveDesk(seen: World, target: Target, lend: Lend): ConfigDesk {
  // Notices would be written across the screen.
  const world: World = { ...seen, sink: { emit: () => undefined } }
  const { config: file } = locateInstance(world, target).paths
  const { platform, editor = defaultEditor(platform) } = world.environment
  const editOf = ({ subject, edits }: Wish): Promise<ConfigEdit> | ConfigEdit =>
    subject.kind === 'drafts' ? editing(edits) : restoring(world, target, String(subject.entry))
  return {
    stamp: () =>
      stat(file, { bigint: true }).then(
        ({ mtimeNs, size, ino }) => `${mtimeNs} ${size} ${ino}`,
        (thrown: unknown) => String(thrown),
      ),
    read: () => readForm(world, target),
    judge: async (edits) => (await validate(world, target, { offline: true, strict: false, edits })).findings,
    reveal: async (path) => typedText(getPath(await revealed(world, target), parsePath(path))),
    generate: async (kind) => generateSecret(kind, randomBytes),
    difference: async (wish) => {
      const hash = hashOf(Buffer.from(await readConfigText(file))) ?? ''
      const note = { kind: 'change', reason: null } as const
      const { diff, warnings } = await changeConfig(world, target, await editOf(wish), { note, dryRun: true })
      return { diff, warnings, hash }
    },
    save: async (wish, reason, hash) => {
      const prepared = await prepareChange(world, target, await editOf(wish))
      if (hashOf(prepared.former) !== hash) throw changedMeanwhile(file)
      const kind = wish.subject.kind === 'drafts' ? 'change' : 'restore'
      const note = { kind, reason: reason === '' ? null : reason } as const
      return (await carryOutChange(world, target, prepared, { note, dryRun: false })).entry
    },
    history: () => history(world, target),
    compare: (entry) => compareStates(world, target, String(entry), undefined),
    edit: async (person) => {
      const note = { kind: 'change', reason: null } as const
      const { outcome, entry } = await editByHand(world, target, person, { note, dryRun: false })
      return outcome === 'changed' ? `Saved: #${entry} of the history. What runs is unchanged.` : 'Nothing was changed.'
    },
    openEditor: (path) => lend(() => openEditor(editor, path, platform)),
  }
}

async function revealed(world: World, target: Target) {
  const { config } = await showConfig({ ...world, hide: () => undefined }, target, { reveal: true })
  return config
}
