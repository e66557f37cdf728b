export { MenuPane } from './MenuPane.tsx'
export { MenuSession } from './session.ts'
export { liveMenu, type MenuSource } from './source.ts'
