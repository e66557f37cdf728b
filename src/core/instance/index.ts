export { listInstances } from './list.ts'
export {
  DEFAULT_INSTANCE,
  type InstancePaths,
  instancePaths,
  instancesDirectory,
  isInstanceName,
  validateInstanceName,
} from './paths.ts'
