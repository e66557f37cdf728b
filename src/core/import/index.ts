/** Existing installations read as what we know: their Compose files, configs and containers. Pure; loads zod and yaml. */
export { COMPOSE_FILES, overridesOf } from './compose-files.ts'
export { type ComposeProject, readComposeProject, type TextFile } from './read-compose.ts'
export { type OldConfig, readOldConfig } from './read-config.ts'
export { readContainers, type SourceContainer } from './read-containers.ts'
export { looksLikeMain } from './roles.ts'
export type { Note, NoteKind, Source } from './source.ts'
export { configOf, type Mapped } from './to-config.ts'
