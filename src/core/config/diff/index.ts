export { type ConfigDiff, type ConfigText, type DiffLine, diffConfigs, type SettingChange } from './diff.ts'
export type { EncryptionChange } from './encryption.ts'
