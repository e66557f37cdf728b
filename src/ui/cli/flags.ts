import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { ENVIRONMENTS } from '../../core/config/environments.ts'
import { DdalabError } from '../../core/errors.ts'
import { parseDuration } from './format.ts'

/** A duration as milliseconds. */
export const duration = Flags.custom<number>({
  helpValue: 'TIME',
  parse: async (input) => {
    const ms = parseDuration(input)
    if (ms !== undefined) return ms
    throw new DdalabError('USAGE', `"${input}" is no duration.`, { hint: 'Write it as 90s, 5m or 1h30m.' })
  },
})

const GLOBAL = 'GLOBAL'

/** Every command has these, with one meaning. */
export const globalFlags = {
  json: Flags.boolean({ description: 'Print one JSON object', helpGroup: GLOBAL }),
  quiet: Flags.boolean({ char: 'q', description: 'Print results and errors only', helpGroup: GLOBAL }),
  verbose: Flags.boolean({ char: 'v', description: 'Tell more on the way', helpGroup: GLOBAL }),
  debug: Flags.boolean({ description: 'Print stacks of errors', helpGroup: GLOBAL }),
  'no-color': Flags.boolean({ description: 'Print without colours (also NO_COLOR)', helpGroup: GLOBAL }),
}

/** Commands that look at what lies beside the instances. */
export const configDirFlag = {
  'config-dir': Flags.string({ description: 'Where instances are kept', env: 'DDALAB_HOME', helpValue: 'DIR' }),
}

/** Commands on an instance: which one, and where its files are. */
export const instanceFlags = {
  instance: Flags.string({
    char: 'i',
    description: 'The instance (default: ddalab)',
    env: 'DDALAB_INSTANCE',
    helpValue: 'NAME',
  }),
  ...configDirFlag,
  file: Flags.string({
    char: 'f',
    description: 'A deployment-config.yml to work on in place',
    env: 'DDALAB_FILE',
    helpValue: 'FILE',
  }),
  environment: Flags.option({
    options: ENVIRONMENTS,
    description: 'For which environment (default: as the config says)',
    env: 'DDALAB_ENVIRONMENT',
    helpValue: 'NAME',
  })(),
}

/** Commands that talk to an engine. */
export const engineFlags = {
  context: Flags.string({ description: 'The Docker context', env: 'DDALAB_CONTEXT', helpValue: 'NAME' }),
}

/** Commands that may wait long. */
export const timeoutFlag = {
  timeout: duration({ description: 'Give up after this time (5m, 90s)', env: 'DDALAB_TIMEOUT' }),
}

/** Commands that tell events while they work. */
export const eventsFlag = {
  events: Flags.boolean({ description: 'Print one JSON event a line, the result last', exclusive: ['json'] }),
}

/** Commands that show what goes on until they are told to stop. */
export const followFlag = {
  follow: Flags.boolean({ char: 'F', description: 'Go on until Ctrl-C', exclusive: ['json'] }),
}

/** Commands that plan a deploy. */
export const pullFlag = {
  pull: Flags.boolean({ description: 'Ask the registries whether they have newer images' }),
}

/** Commands that make a config out of settings. */
export const settingFlags = {
  set: Flags.string({
    description: 'A setting; may be repeated',
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'set-file': Flags.string({
    description: 'A setting whose value is in a file, or on stdin (-); for secrets',
    helpValue: 'KEY=FILE',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

export const noInputFlag = {
  'no-input': Flags.boolean({ description: 'Never ask: fail and name the missing flag', env: 'DDALAB_NO_INPUT' }),
}

/** Commands that ask. */
export const consentFlags = {
  yes: Flags.boolean({ char: 'y', description: 'Agree to the plan beforehand (never to the loss of data)' }),
  ...noInputFlag,
}

/** Commands that change what runs: asked before, told meanwhile, limited in time, and tried without effect. */
export const changeFlags = {
  ...consentFlags,
  ...eventsFlag,
  ...timeoutFlag,
  'dry-run': Flags.boolean({ description: 'Show the plan and stop' }),
}

export const messageFlag = {
  message: Flags.string({ char: 'm', description: 'Why, for the history', helpValue: 'TEXT' }),
}

/** Commands that change the config, and what runs with it where that is asked for. */
export const configChangeFlags = {
  ...messageFlag,
  apply: Flags.boolean({ description: 'Change what runs as well; a failure leaves both as they were' }),
  ...engineFlags,
  ...changeFlags,
}

/** Commands on the data of a stack, or of a backup of it. */
export const partsFlag = {
  only: Flags.string({
    description: 'A part of the data; all of them when none is named',
    multiple: true,
    helpValue: 'PART',
  }),
}

/** One argument. oclif would wait for stdin where it is left out. */
export const word = Args.custom<string>({ ignoreStdin: true, parse: async (input) => input })

/** Commands on some services. */
export const serviceArguments = {
  service: word({ description: 'Services; all of them when none is named', multiple: true }),
}

/** A regular expression, as JavaScript has it. */
export const pattern = Flags.custom<RegExp>({
  helpValue: 'REGEX',
  parse: async (input) => {
    try {
      return new RegExp(input, 'u')
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new DdalabError('USAGE', `"${input}" is no regular expression: ${why}`)
    }
  },
})

/** One argument out of a list. */
export function wordOf<T extends readonly string[]>(options: T) {
  return Args.option({ options, ignoreStdin: true })
}
