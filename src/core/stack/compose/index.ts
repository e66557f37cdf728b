/** Reading and writing Compose files: text to normal form and back. */
export { type ComposeFile, type ComposeOptions, readComposeFile, readComposeSource } from './compose-file.ts'
export { type Base, looksLikePath, resolvePath } from './paths.ts'
export { type Escape, type Renderable, renderComposeFile } from './render.ts'
export { type ComposeSource, type Finding, type Path, parseSource } from './source.ts'
export { parseSize } from './units.ts'
