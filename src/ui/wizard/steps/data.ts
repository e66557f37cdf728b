import { join } from 'node:path'
import { formatPath } from '../../../core/config/index.ts'
import { choiceField, type Facts, type Field, type Step } from '../field.ts'

const PLACE = 'data'
export const FOLDER = 'data.folder'

/** Where the data of the app lies: a volume of the engine, or a folder of the host at `storage.dataDir`. */
export function dataStep({ uses, defaults, home, instance }: Facts): Step | undefined {
  const target = defaults.storage?.dataDir
  if (!uses.has('storage.dataDir') || target === undefined) return undefined
  const offered = join(home, `${instance}-data`)
  const folder: Field = {
    id: FOLDER,
    label: 'Folder',
    help: `It is made when it is not there. The app sees it as ${target}.`,
    kind: 'path',
    choices: [],
    fallback: offered,
    required: true,
    when: { id: PLACE, is: 'folder' },
    probe: { about: 'folder', of: [FOLDER] },
    explicit: true,
    settings: (folder) => [`${formatPath(['docker', 'volumes', folder])}=${target}`],
  }
  return {
    id: 'data',
    title: 'Data directory',
    fields: [
      choiceField({
        id: PLACE,
        label: 'Data',
        help: 'Where your data lies.',
        fallback: 'volume',
        choices: [
          { value: 'volume', label: 'Docker volume', help: 'Docker keeps it', sets: [] },
          { value: 'folder', label: 'folder', help: 'a folder of this machine that you can see', sets: [] },
        ],
      }),
      folder,
    ],
  }
}
