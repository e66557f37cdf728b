/**
 * The config: its schema, reading and writing it, what it resolves to. Loads zod and yaml (tens of milliseconds), so a
 * command imports it when it runs, not when the program starts.
 */
export { type Answers, type AnswersFile, answersSchema, parseAnswers } from './answers.ts'
export { assertFit } from './assert-fit.ts'
export { type Assignment, parseAssignment, settingProblem, settingValue } from './assignment.ts'
export { didYouMean } from './did-you-mean.ts'
export { type ConfigDiff, diffConfigs, type SettingChange } from './diff/index.ts'
export { decodeConfig, parseDocument } from './document.ts'
export { type Edit, editText } from './edit/index.ts'
export { DEFAULT_ENVIRONMENT, ENVIRONMENTS, type EnvironmentName } from './environments.ts'
export type { Finding, Locate } from './finding.ts'
export {
  type ConfigData,
  CURRENT_VERSION,
  isNewer,
  MIGRATIONS,
  type Migration,
  migrate,
  VERSIONS,
} from './migrations/index.ts'
export { migrateText } from './migrations/migrate-text.ts'
export { newConfigText, SCHEMA_FILE } from './new-config.ts'
export { type OpenedConfig, openConfig, openConfigText } from './open-config.ts'
export { findingsByEnvironment, inEnvironment, over, ownEnvironment, writtenAt } from './overlay.ts'
export {
  type ConfigFile,
  type Examined,
  examineDocument,
  type ParsedConfig,
  parseConfig,
  unlessRefused,
} from './parse.ts'
export { formatPath, getPath, isTree, type Path, parsePath, setPath } from './path.ts'
export {
  DEFAULT_TEMPLATE,
  type DefaultsTree,
  get,
  type Origin,
  type ResolvedConfig,
  resolveConfig,
} from './resolve.ts'
export {
  type Config,
  type ConfigDefaults,
  configSchema,
  defaultsSchema,
  jsonSchema,
  type Overlay,
  type SecretKind,
} from './schema.ts'
export { hintForUnknown } from './schema-problems.ts'
export {
  isSecretSchemaPath,
  keysAt,
  type SecretField,
  type SecretValue,
  schemaAt,
  secretFields,
  secretPaths,
  secretsIn,
  shapeAt,
} from './schema-walk.ts'
export { isSecretPath } from './secret-path.ts'
export { generateSecret, type RandomBytes } from './secrets.ts'
export { describeSetting, type SettingFacts } from './setting.ts'
export {
  creationRecipients,
  type Identities,
  type IdentityPlaces,
  type IdentityStore,
  identityStore,
  isEncrypted,
  isSealed,
  type OwnIdentity,
  type RotateOptions,
  rotate,
  type SealedValue,
  type SealOptions,
  seal,
  sealRecipients,
  type Unsealed,
  type UnsealOptions,
  unseal,
} from './sops/index.ts'
export { loadConfig, readConfigBytes, readConfigText } from './store.ts'
export {
  CONFIG_RULES,
  checkConfig,
  crossFieldErrors,
  isWeak,
  type RuleFacts,
  type RuleFinding,
  type Severity,
  type Validation,
  validateConfig,
} from './validate/index.ts'
