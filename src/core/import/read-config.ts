import { type Finding, problemOf } from '../config/finding.ts'
import { examineConfig } from '../config/parse.ts'
import type { Config } from '../config/schema.ts'
import { isSealed } from '../config/sops/index.ts'
import { DdalabError, problemsError } from '../errors.ts'
import { type Note, note } from './source.ts'

export interface OldConfig {
  readonly config: Partial<Config>
  readonly notes: readonly Note[]
}

/**
 * A config of ConfigManager (1.0.0, 2.0.0) or of ours. What no version of the schema knows is told and left out; a value that does
 * not fit is refused, because something else would stand in its place. Errors: CONFIG_UNREADABLE, CONFIG_INVALID, CONFIG_TOO_NEW.
 */
export function readOldConfig(text: string, file: string): OldConfig {
  const { yaml, wrong, config, rest } = examineConfig(text, file)
  if (isSealed(yaml.data)) {
    throw new DdalabError('IMPORT_INVALID', `${file} is a config of ddalab with sealed secrets`, {
      hint: `Begin a new instance with it: ddalab init --from ${file}`,
      place: { file },
    })
  }
  const refused = wrong.filter(({ part }) => part === 'value')
  const [first, ...others] = [...yaml.problems, ...refused.map((finding) => problemOf(finding, yaml.locate))]
  if (first !== undefined) throw problemsError([first, ...others], `${file} is not a valid config`)
  const { version: _, ...sections } = config ?? rest ?? { version: '3.0.0' as const }
  return { config: sections, notes: wrong.map((finding) => unknownSetting(finding, yaml.locate)) }
}

function unknownSetting({ path, part, message, hint }: Finding, locate: Parameters<typeof problemOf>[1]): Note {
  return note('left out', message, hint, locate(path, part))
}
