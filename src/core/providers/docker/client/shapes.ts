/**
 * The parts of the Engine API's answers that we use, under the API's own names (Engine API 1.41 to 1.51).
 * Null maps and lists are empty, absent numbers are 0, absent texts are ''.
 */
import { type Decoded, flag, integer, list, mapOf, optional, record, text, withDefault } from './decode.ts'

const someText = withDefault(text, '')
const someNumber = withDefault(integer, 0)
const someFlag = withDefault(flag, false)
const labels = mapOf(text)

export const versionShape = record({
  Version: text,
  ApiVersion: text,
  MinAPIVersion: someText,
  Os: someText,
  Arch: someText,
  KernelVersion: someText,
})
export type EngineVersion = Decoded<typeof versionShape>

export const infoShape = record({
  ID: someText,
  Name: someText,
  ServerVersion: someText,
  OSType: text,
  Architecture: someText,
  OperatingSystem: someText,
  NCPU: someNumber,
  MemTotal: someNumber,
  Driver: someText,
  DockerRootDir: someText,
  CgroupVersion: someText,
  LoggingDriver: someText,
  SecurityOptions: list(text),
  Warnings: list(text),
  Swarm: optional(record({ LocalNodeState: someText, ControlAvailable: someFlag })),
})
export type EngineInfo = Decoded<typeof infoShape>

const mount = record({
  Type: someText,
  Name: optional(text),
  Source: someText,
  Destination: text,
  Driver: optional(text),
  RW: someFlag,
})
export type ContainerMount = Decoded<typeof mount>

const ipamConfig = optional(record({ IPv4Address: optional(text), IPv6Address: optional(text) }))
const networkEndpoint = record({
  NetworkID: someText,
  EndpointID: someText,
  Aliases: list(text),
  Links: list(text),
  IPAddress: someText,
  GlobalIPv6Address: someText,
  MacAddress: someText,
  IPAMConfig: ipamConfig,
  DriverOpts: mapOf(text),
})
export type NetworkEndpoint = Decoded<typeof networkEndpoint>

export const containerSummaryShape = record({
  Id: text,
  Names: list(text),
  Image: someText,
  ImageID: someText,
  Created: someNumber,
  State: someText,
  Status: someText,
  Labels: labels,
  Ports: list(
    record({ IP: optional(text), PrivatePort: integer, PublicPort: optional(integer), Type: withDefault(text, 'tcp') }),
  ),
  Mounts: list(mount),
  NetworkSettings: optional(record({ Networks: mapOf(networkEndpoint) })),
})
export type ContainerSummary = Decoded<typeof containerSummaryShape>

const health = record({
  Status: text,
  FailingStreak: someNumber,
  Log: list(record({ Start: someText, End: someText, ExitCode: someNumber, Output: someText })),
})
export type ContainerHealth = Decoded<typeof health>

const healthcheck = record({
  Test: list(text),
  /** Nanoseconds, as the others; 0 is inherited. */
  Interval: someNumber,
  Timeout: someNumber,
  StartPeriod: someNumber,
  StartInterval: someNumber,
  Retries: someNumber,
})

export const containerShape = record({
  Id: text,
  /** With the leading slash. */
  Name: text,
  Created: someText,
  /** The image's id. */
  Image: someText,
  RestartCount: someNumber,
  State: record({
    Status: text,
    Running: someFlag,
    Paused: someFlag,
    Restarting: someFlag,
    OOMKilled: someFlag,
    Dead: someFlag,
    ExitCode: someNumber,
    Error: someText,
    /** `0001-01-01T00:00:00Z` when it never started. */
    StartedAt: someText,
    FinishedAt: someText,
    Health: optional(health),
  }),
  Config: record({
    Image: someText,
    Tty: someFlag,
    Env: list(text),
    Cmd: list(text),
    Entrypoint: list(text),
    Labels: labels,
    Healthcheck: optional(healthcheck),
    StopSignal: optional(text),
    StopTimeout: optional(integer),
  }),
  HostConfig: record({
    NetworkMode: someText,
    RestartPolicy: withDefault(record({ Name: someText, MaximumRetryCount: someNumber }), {
      Name: '',
      MaximumRetryCount: 0,
    }),
    LogConfig: withDefault(record({ Type: someText, Config: mapOf(text) }), { Type: '', Config: {} }),
    AutoRemove: someFlag,
    /** Also of a container that does not run; 'NetworkSettings.Ports' is empty then. */
    PortBindings: mapOf(list(record({ HostIp: someText, HostPort: someText }))),
    /** 0: no limit. */
    NanoCpus: someNumber,
    Memory: someNumber,
  }),
  Mounts: list(mount),
  NetworkSettings: record({
    Networks: mapOf(networkEndpoint),
    Ports: mapOf(list(record({ HostIp: someText, HostPort: someText }))),
  }),
})
export type Container = Decoded<typeof containerShape>

export const topShape = record({ Titles: list(text), Processes: list(list(text)) })
export type Top = Decoded<typeof topShape>

export const waitShape = record({ StatusCode: integer })

export const networkShape = record({
  Id: text,
  Name: text,
  Driver: someText,
  Scope: someText,
  Internal: someFlag,
  Attachable: someFlag,
  EnableIPv6: someFlag,
  Labels: labels,
  Options: mapOf(text),
  IPAM: optional(record({ Driver: someText, Config: list(record({ Subnet: someText, Gateway: someText })) })),
  /** By container id; filled by inspect only. */
  Containers: mapOf(record({ Name: someText, IPv4Address: someText, IPv6Address: someText })),
})
export type Network = Decoded<typeof networkShape>

export const volumeShape = record({
  Name: text,
  Driver: someText,
  Mountpoint: someText,
  CreatedAt: someText,
  Labels: labels,
  Options: mapOf(text),
})
export type Volume = Decoded<typeof volumeShape>

export const imageSummaryShape = record({
  Id: text,
  RepoTags: list(text),
  RepoDigests: list(text),
  Created: someNumber,
  Size: someNumber,
  Labels: labels,
})
export type ImageSummary = Decoded<typeof imageSummaryShape>

export const imageShape = record({
  Id: text,
  RepoTags: list(text),
  RepoDigests: list(text),
  Created: someText,
  Os: someText,
  Architecture: someText,
  Variant: optional(text),
  Size: someNumber,
  Config: optional(
    record({
      Labels: labels,
      Env: list(text),
      Cmd: list(text),
      Entrypoint: list(text),
      User: someText,
      ExposedPorts: mapOf((value: unknown) => value),
      Volumes: mapOf((value: unknown) => value),
      Healthcheck: optional(healthcheck),
    }),
  ),
})
export type Image = Decoded<typeof imageShape>

export const distributionShape = record({
  Descriptor: record({ mediaType: someText, digest: text, size: someNumber }),
  Platforms: list(record({ os: someText, architecture: someText, variant: optional(text) })),
})
export type Distribution = Decoded<typeof distributionShape>

export const engineEventShape = record({
  Type: someText,
  Action: someText,
  Actor: withDefault(record({ ID: someText, Attributes: labels }), { ID: '', Attributes: {} }),
  time: someNumber,
  timeNano: someNumber,
})
export type EngineEvent = Decoded<typeof engineEventShape>

export const execStateShape = record({
  ID: text,
  Running: someFlag,
  ExitCode: optional(integer),
  Pid: someNumber,
})
export type ExecState = Decoded<typeof execStateShape>
