export type { Observation, ObservedContainer } from './observation.ts'
export { planDeploy, type PlanResult } from './plan/deploy-plan.ts'
export { type LifecycleAction, ownedVolumes, planDestroy, planLifecycle } from './plan/lifecycle-plan.ts'
export { DockerProvider, type RunningImage } from './provider.ts'
