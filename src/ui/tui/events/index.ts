export { EventsPane } from './EventsPane.tsx'
export { EVENT_KEYS } from './keys.ts'
export { EventsSession } from './session.ts'
export { livePast, type PastSource } from './source.ts'
