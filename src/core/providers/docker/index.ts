export {
  type ContainerStats,
  containerLogs,
  containerStats,
  type ExecStreams,
  installHint,
  type LogLine,
  mergeFollowedLogs,
  mergeLogs,
  runExec,
  type Terminal,
} from './client/index.ts'
export { freeBytes } from './host.ts'
export type { Observation, ObservedContainer } from './observation.ts'
export type { Listing } from './observe.ts'
export { type CommandResult, runCommand } from './operations/command.ts'
export { type PlanResult, planDeploy } from './plan/deploy-plan.ts'
export { type ImageToFetch, planDownload } from './plan/download-plan.ts'
export { dataVolumes, type LifecycleAction, ownedVolumes, planDestroy, planLifecycle } from './plan/lifecycle-plan.ts'
export { otherOwner } from './plan/preflight.ts'
export { planRollback, type RollbackPlan } from './plan/rollback-plan.ts'
export { containerAtPort, processAtPort } from './port-user.ts'
export type { ComposeProject, ContainerFacts } from './projects.ts'
export { DockerProvider, type RunningImage } from './provider.ts'
export { systemFacts } from './system-facts.ts'
