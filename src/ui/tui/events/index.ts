export { EventsPane } from './EventsPane.tsx'
export { EventsSession } from './session.ts'
export { livePast, type PastSource } from './source.ts'
