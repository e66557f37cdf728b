export { EventsPane } from './EventsPane.tsx'
export type { Happening } from './happening.ts'
export { EventsSession } from './session.ts'
export { livePast, type PastSource } from './source.ts'
