export type { Endpoint, TlsMaterial } from './endpoint.ts'
export type * from './engine.ts'
export type {
  Container,
  ContainerHealth,
  ContainerMount,
  ContainerSummary,
  Distribution,
  EngineEvent,
  EngineInfo,
  EngineVersion,
  Image,
  ImageSummary,
  Network,
  NetworkEndpoint,
  Top,
  Volume,
} from './shapes.ts'
