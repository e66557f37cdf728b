export { ConfigPane } from './ConfigPane.tsx'
export type { ConfigDesk } from './desk.ts'
export { deskOnUse } from './desk-on-use.ts'
export { ConfigSession } from './session.ts'
