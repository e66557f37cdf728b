export { liveSource } from './live-source.ts'
export { commandLine, paletteEntries } from './palette.ts'
export { runTui } from './run-tui.tsx'
