export { listInstances } from './list.ts'
export {
  DEFAULT_INSTANCE,
  type InstancePaths,
  instancePaths,
  instancesDirectory,
  isInstanceName,
  validateInstanceName,
} from './paths.ts'
export { readTakeover, type Takeover, writeTakeover } from './takeover.ts'
