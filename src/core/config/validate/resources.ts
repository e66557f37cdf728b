import type { Finding } from '../finding.ts'
import { formatPath } from '../path.ts'
import { at, type Rule, type Subject } from './rule.ts'

const MEGABYTE = 1024 ** 2

/** What the engine refuses by itself. */
const ENGINE = { memory: 6 * MEGABYTE, cpus: 0.01 }

/** Megabytes with which the images of the DDALAB stack come up and answer; of others nothing is known. */
const STARTS_WITH: { readonly [service: string]: number } = {
  ddalab: 512,
  postgres: 128,
  redis: 32,
  minio: 256,
  prometheus: 128,
  grafana: 128,
  traefik: 64,
  caddy: 32,
  nginx: 16,
}
const FEW_CPUS = 0.1

interface Limits {
  readonly service: string
  readonly cpus: number | undefined
  /** Bytes. */
  readonly memory: number | undefined
}

function limits({ config: { resources = {} } }: Subject): readonly Limits[] {
  return Object.entries(resources).map(([service, { cpus, memory }]) => ({ service, cpus, memory: bytes(memory) }))
}

/** Of a size that the schema has accepted. */
function bytes(size: string | number | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)/i.exec(String(size ?? '')) ?? []
  return amount === undefined ? undefined : Number(amount) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
}

const memoryAt = (service: string) => formatPath(['resources', service, 'memory'])
const cpusAt = (service: string) => formatPath(['resources', service, 'cpus'])

function refused(subject: Subject): readonly Finding[] {
  return limits(subject).flatMap(({ service, cpus, memory }) => [
    ...(memory !== undefined && memory < ENGINE.memory
      ? [at(memoryAt(service), 'is below 6m, the least that an engine accepts', 'Write a unit, as in 512m or 2g.')]
      : []),
    ...(cpus !== undefined && cpus < ENGINE.cpus
      ? [
          at(
            cpusAt(service),
            'is below 0.01, the least that an engine accepts',
            'Write a number of processors, as in 1.5.',
          ),
        ]
      : []),
  ])
}

function tooSmall(subject: Subject): readonly Finding[] {
  return limits(subject).flatMap(({ service, cpus, memory }) => {
    const least = STARTS_WITH[service] ?? 0
    return [
      ...(memory !== undefined && memory >= ENGINE.memory && memory < least * MEGABYTE
        ? [at(memoryAt(service), `is less than ${service} starts with`, `Give it ${least}m or more.`)]
        : []),
      ...(cpus !== undefined && cpus >= ENGINE.cpus && cpus < FEW_CPUS
        ? [at(cpusAt(service), 'is so little that starting takes minutes', `Give it ${FEW_CPUS} or more.`)]
        : []),
    ]
  })
}

export const resourceRules: readonly Rule[] = [
  {
    id: 'resources-refused',
    severity: 'error',
    about: 'A limit is below what an engine accepts: 6 MB, 0.01 processors.',
    check: refused,
  },
  {
    id: 'resources-too-small',
    severity: 'warning',
    about: 'A limit is below what the service starts with.',
    check: tooSmall,
  },
]
