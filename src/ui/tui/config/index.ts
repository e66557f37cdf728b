export { ConfigPane } from './ConfigPane.tsx'
export type { ConfigDesk } from './desk.ts'
export { liveDesk } from './live-desk.ts'
export { ConfigSession } from './session.ts'
