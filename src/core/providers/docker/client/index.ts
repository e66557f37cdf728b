/** The client of a Docker engine: connection, calls, and the streams that need more than a call. */

export type { ReadText } from './config-file.ts'
export { connect } from './connect.ts'
export { runCredentialHelper } from './credential-helper.ts'
export { type CredentialSources, type FoundCredentials, type RunCredentialHelper, registryAuth } from './credentials.ts'
export { type Endpoint, endpointUrl, isLocal, type TlsMaterial } from './endpoint.ts'
export type * from './engine.ts'
export { describeEngineError } from './engine-errors.ts'
export { CHANGES, type Delay, EventHub, type Watch } from './event-hub.ts'
export { type ExecRequest, type ExecStreams, runExec, type Terminal } from './exec.ts'
export { type InstallHint, installHint, type SystemFacts } from './install-hint.ts'
export { type ContainerLogs, containerLogs, type LogLine, type LogOptions } from './logs.ts'
export { mergeFollowedLogs, mergeLogs } from './merge-logs.ts'
export { type LayerProgress, type PullOptions, pullImage } from './pull.ts'
export { type ImageReference, parseReference } from './reference.ts'
export { dockerConfigFolder, type EndpointFacts, resolveEndpoints } from './resolve-endpoint.ts'
export type {
  Container,
  ContainerHealth,
  ContainerMount,
  ContainerSummary,
  Distribution,
  EngineEvent,
  EngineInfo,
  EngineVersion,
  ExecState,
  Image,
  ImageSummary,
  Network,
  NetworkEndpoint,
  Top,
  Volume,
} from './shapes.ts'
export { type ContainerStats, containerStats } from './stats.ts'
