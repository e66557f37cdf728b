export { RollbackPane } from './RollbackPane.tsx'
export { RollbackSession } from './session.ts'
export { livePoints, type PointSource } from './source.ts'
