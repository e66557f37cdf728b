/** Where updates come from, and whether they can be trusted. Loads zod, semver and yaml: imported when it is needed. */
export { request, type Web } from './http.ts'
export type { Login } from './login.ts'
export { loadManifest } from './manifest.ts'
export { readMinisignKey, verifyMinisign } from './minisign.ts'
export { type Candidate, chooseOffer, isIrreversible, type ReleaseFacts } from './offer.ts'
export { openRegistry, type Registry, type Repository } from './registry.ts'
export { imageArchitecture } from './registry-manifest.ts'
export {
  type CurrentImage,
  isSameRepository,
  manifestSource,
  type OfferedImage,
  type OfferedImages,
  type ReleaseSource,
  registrySource,
  verifyImages,
} from './source.ts'
export type { Channel } from './versions.ts'
