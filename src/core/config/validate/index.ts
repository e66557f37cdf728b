import type { Problem } from '../../errors.ts'
import { type Finding, type Locate, problemOf } from '../finding.ts'
import { CURRENT_VERSION } from '../migrations/index.ts'
import { findingsByEnvironment, ownEnvironment } from '../overlay.ts'
import { type DefaultsTree, resolveConfig } from '../resolve.ts'
import type { Config } from '../schema.ts'
import { isSecretSchemaPath } from '../schema-walk.ts'
import { authRules } from './auth.ts'
import { credentialRules, publishedSecret } from './credentials.ts'
import { hostRules } from './hosts.ts'
import { imageRules } from './images.ts'
import { operationRules } from './operation.ts'
import { portRules } from './ports.ts'
import { resourceRules } from './resources.ts'
import type { Rule, Severity, Subject } from './rule.ts'
import { tlsRules } from './tls.ts'
import { volumeRules } from './volumes.ts'

export type { RuleFacts, Severity } from './rule.ts'
export { isWeak } from './strength.ts'

/** All rules that need nothing but the config, in the order of the documentation. */
export const CONFIG_RULES: readonly Rule[] = [
  ...portRules,
  ...hostRules,
  ...tlsRules,
  ...authRules,
  ...imageRules,
  ...volumeRules,
  ...resourceRules,
  ...credentialRules,
  ...operationRules,
]

/** What the schema cannot say about one field alone. Errors stop a deploy, warnings are told. */
export interface Validation {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** The few rules that hold at every reading, for each environment of the config. Needs no file, host or engine. */
export function validateConfig(config: Config, locate: Locate): Validation {
  const problems = (judge: (config: Config) => readonly Finding[]) =>
    findingsByEnvironment(config, judge).map((finding) => problemOf(finding, locate))
  return {
    errors: problems(crossFieldErrors),
    warnings: problems((own) => publishedSecret.check(asWritten(own))),
  }
}

const READ_RULES = CONFIG_RULES.filter(({ onRead }) => onRead === true)

/** What is wrong across fields with a config of one environment, as written or with its defaults. */
export function crossFieldErrors(config: Config): readonly Finding[] {
  const subject = asWritten(config)
  return READ_RULES.flatMap((rule) => rule.check(subject))
}

function asWritten(config: Config): Subject {
  return {
    config,
    file: config,
    environment: ownEnvironment(config),
    sourceVersion: CURRENT_VERSION,
    names: [],
    isSecret: isSecretSchemaPath,
  }
}

/** A finding of a rule. */
export interface RuleFinding extends Finding {
  readonly rule: string
  readonly severity: Severity
}

/** What is known beside the config itself. */
export interface Context extends Pick<Subject, 'sourceVersion' | 'names' | 'isSecret' | 'mountPoints'> {
  /** The config with its secrets as they stand in the file. */
  readonly file: Config
  readonly defaults: DefaultsTree
}

/** All rules, on a config with its secrets opened as far as they could be, for each environment that it is about. */
export function checkConfig(config: Config, { defaults, ...context }: Context): readonly RuleFinding[] {
  return findingsByEnvironment(config, (own) => {
    const resolved = resolveConfig(own, defaults)
    const subject: Subject = { ...context, config: resolved.config, environment: resolved.environment }
    return CONFIG_RULES.flatMap((rule) =>
      rule.check(subject).map((finding) => ({ ...finding, rule: rule.id, severity: rule.severity })),
    )
  })
}
