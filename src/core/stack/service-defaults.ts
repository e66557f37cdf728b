import type { Logging, Service } from './model.ts'

/** Logs that do not fill the disk. */
export const ROTATED_LOGS: Logging = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } }

/** A service of which nothing but name and image is said, in normal form, for those that we add ourselves. */
export function plainService(name: string, image: string): Service {
  return {
    name,
    image,
    pullPolicy: 'missing',
    environment: {},
    labels: {},
    ports: [],
    expose: [],
    mounts: [],
    volumesFrom: [],
    configs: [],
    secrets: [],
    networks: { default: { aliases: [] } },
    dependsOn: {},
    restart: 'no',
    replicas: 1,
    resources: {},
    groupAdd: [],
    tty: false,
    stdinOpen: false,
    privileged: false,
    readOnly: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    devices: [],
    dns: [],
    dnsSearch: [],
    extraHosts: [],
    sysctls: {},
    ulimits: {},
    singleWriter: false,
  }
}
