/** What an instance can be for. Light: the command line loads this module to read its flag. */
export const ENVIRONMENTS = ['development', 'staging', 'production'] as const
export type EnvironmentName = (typeof ENVIRONMENTS)[number]
export const DEFAULT_ENVIRONMENT: EnvironmentName = 'production'
