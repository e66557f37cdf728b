import {
  type Answers,
  type Config,
  CURRENT_VERSION,
  configSchema,
  generateSecret,
  get,
  newConfigText,
  parsePath,
  type RandomBytes,
  resolveConfig,
  setPath,
} from '../config/index.ts'
import { configPath, type Template } from '../stack/index.ts'

/** A config that was made, not yet anywhere. */
export interface MadeConfig {
  readonly config: Config
  readonly text: string
  /** Paths of the secrets that were generated, in the order of the template. */
  readonly generated: readonly string[]
}

/**
 * The one way from answers to a config, whoever was asked: the same answers, template and randomness give the same bytes.
 * Every secret of the template that nobody gave and that the program can make is made.
 */
export function configFromAnswers(
  answers: Answers,
  template: Pick<Template, 'parameters' | 'defaults'>,
  randomBytes: RandomBytes,
): MadeConfig {
  const given: Config = { ...answers, version: CURRENT_VERSION }
  const missing = missingSecrets(given, template)
  const filled = missing.reduce<unknown>(
    (tree, { path, generate }) => setPath(tree, parsePath(path), generateSecret(generate, randomBytes)),
    given,
  )
  const config = configSchema.parse(filled)
  return { config, text: newConfigText(config), generated: missing.map(({ path }) => path) }
}

/** The secrets that `configFromAnswers` would make. */
export function secretsToGenerate(
  answers: Answers,
  template: Pick<Template, 'parameters' | 'defaults'>,
): readonly string[] {
  return missingSecrets({ ...answers, version: CURRENT_VERSION }, template).map(({ path }) => path)
}

function missingSecrets(config: Config, { parameters, defaults }: Pick<Template, 'parameters' | 'defaults'>) {
  const resolved = resolveConfig(config, defaults).config
  return parameters.flatMap((parameter) => {
    const path = configPath(parameter)
    return parameter.generate !== undefined && get(resolved, path) === undefined
      ? [{ path, generate: parameter.generate }]
      : []
  })
}
