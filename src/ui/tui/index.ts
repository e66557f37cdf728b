export { liveSource } from './live-source.ts'
export { liveLogs } from './log-source.ts'
export { commandLine, paletteEntries } from './palette.ts'
export { runTui } from './run-tui.tsx'
