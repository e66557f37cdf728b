/**
 * What `ddalab` does: one function for each command, called by the command line and by the dashboard. A command loads only
 * what it names here (`sideEffects: false` in package.json).
 */
export { deploy } from './deploy.ts'
export { type DestroyOptions, type DestroyReport, destroy } from './destroy.ts'
export { type Check, doctor } from './doctor.ts'
export { type Difference, type Drift, drift } from './drift.ts'
export { type ExecOptions, type ExecStreams, exec, type Terminal } from './exec.ts'
export { type HealthReport, health } from './health.ts'
export { type InitOptions, type InitReport, init } from './init.ts'
export { lifecycle } from './lifecycle.ts'
export { type LogOptions, type Logs, logs, type ServiceLogLine } from './logs.ts'
export { type PlanOptions, plan } from './plan.ts'
export { type FileKind, type RenderedFile, type RenderOptions, render } from './render.ts'
export type { ChangeOptions, ChangeReport } from './run.ts'
export { type ServiceStats, watchStats } from './stats.ts'
export { ailing, type InstanceState, type ServiceState, type ServiceStatus, type Status, status } from './status.ts'
export { type TemplateDetails, type TemplateSummary, template, templates } from './templates.ts'
export type { Target, World } from './world.ts'
