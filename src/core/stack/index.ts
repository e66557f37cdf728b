/**
 * The stack: a template and a config compiled to a normalised Compose model. Loads zod and yaml (tens of milliseconds), so a command
 * imports it when it runs; `model.ts`, `reference.ts` and `spec-hash.ts` are light and may be imported by themselves.
 */
export {
  type CertificatePair,
  certificateNames,
  createSelfSignedCertificate,
  needsRenewal,
} from './certificate.ts'
export { type Compiled, type CompileInput, compile } from './compile.ts'
export { type ComposeFile, type ComposeOptions, type Finding, readComposeFile } from './compose/index.ts'
export { formatEnvLine, parseEnvFile } from './env-file.ts'
export { type EnvironmentVariable, environmentVariables, type VariableKind } from './environment.ts'
export { type CertificateNeed, certificateNeed, ingressFiles, type Upstreams } from './ingress/index.ts'
export { describeFailure, escapeDollars, interpolate, type Lookup } from './interpolate.ts'
export type * from './model.ts'
export { configPath, secretTest } from './parameters.ts'
export { canonicalReference, familiarReference, type ImageReference, parseReference } from './reference.ts'
export { listTemplates, loadTemplate, type Template, type TemplateParameter } from './template.ts'
export type { TemplateFiles } from './template-files.ts'
export { type TemplateName, templateNames } from './template-names.ts'
export { mainVersion } from './version.ts'
