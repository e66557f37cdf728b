export { type CompiledStack, isCurrent } from './compiled.ts'
export { RELEASE_RECORD, releaseRecord, withRelease } from './record-operation.ts'
export { nextReleaseId, type Release, type ReleasedImage } from './release.ts'
export { type ReleaseStore, releaseStore } from './store.ts'
