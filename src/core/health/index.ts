export { type ProbeResult, type ProbeTools, type RunInside, runProbe } from './probe.ts'
