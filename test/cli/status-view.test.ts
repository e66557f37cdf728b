import { describe, expect, it } from 'vitest'
import { serviceState } from '../../src/core/actions/service-state.ts'
import type { ServiceStatus, Status } from '../../src/core/actions/status.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { renderStatus } from '../../src/ui/cli/views/status.ts'
import { aContainer } from '../support/observation.ts'
import { aService, aStack } from '../support/stack.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

function service(
  name: string,
  state: ServiceStatus['state'],
  health: ServiceStatus['health'],
  startedAt: string | null,
  ports: string[] = [],
): ServiceStatus {
  const container = { id: 'a1', name: `lab-${name}-1`, state: 'running', health, restarts: 1, startedAt } as const
  return {
    name,
    state,
    health,
    image: `registry.example.com/lab/${name}:2.4.1`,
    digest: null,
    containers: [container],
    ports,
    dependsOn: [],
  }
}

const STATUS: Status = {
  instance: 'lab',
  provider: 'docker',
  version: '2.4.1',
  state: 'degraded',
  services: [
    service('api', 'running', 'healthy', '2026-03-01T09:30:00Z', ['127.0.0.1:8001->8001/tcp']),
    service('grafana', 'starting', 'starting', '2026-03-01T11:59:48Z'),
    service('migrate', 'completed', 'none', '2026-03-01T09:00:00Z'),
  ],
  addresses: [],
  release: { id: 'r-0042', version: '2.4.1', deployedAt: '2026-03-01T10:00:00Z' },
  rollbackPoints: [],
  operation: null,
  update: null,
}

describe('the status for a person', () => {
  it('is a line on the whole and a row for each service', () => {
    expect(renderStatus(STATUS, PLAIN, NOW)).toMatchInlineSnapshot(`
      "lab  2.4.1  ◐ degraded  release r-0042, 2h ago

      SERVICE  STATE      HEALTH        UP  RESTARTS  IMAGE                                   PORTS
      api      running    healthy   2h 30m         1  registry.example.com/lab/api:2.4.1      127.0.0.1:8001->8001/tcp
      grafana  starting   starting       -         1  registry.example.com/lab/grafana:2.4.1  -
      migrate  completed  -              -         1  registry.example.com/lab/migrate:2.4.1  -"
    `)
  })

  it('tells of an update that a check has found', () => {
    const update = { version: '2.5.0', mandatory: false, checkedAt: '2026-03-01T11:00:00Z' }
    expect(renderStatus({ ...STATUS, update }, PLAIN, NOW).split('\n')[0]).toMatch(/2h ago {2}▲ 2\.5\.0 available$/)
  })

  it('fits a terminal of 60 columns', () => {
    expect(renderStatus(STATUS, { ...PLAIN, unicode: false, width: 60 }, NOW)).toMatchInlineSnapshot(`
      "lab  2.4.1  ~ degraded  release r-0042, 2h ago

      SERVICE  STATE      HEALTH        UP  RESTARTS  IMAGE
      api      running    healthy   2h 30m         1  registry....
      grafana  starting   starting       -         1  registry....
      migrate  completed  -              -         1  registry...."
    `)
  })

  it('says what is under way, and what was interrupted', () => {
    const operation = { command: 'ddalab deploy', startedAt: '2026-03-01T11:59:00Z', interrupted: false }
    expect(renderStatus({ ...STATUS, operation }, PLAIN, NOW)).toContain('under way: ddalab deploy, begun 1m ago')
    expect(renderStatus({ ...STATUS, operation: { ...operation, interrupted: true } }, PLAIN, NOW)).toContain(
      'interrupted:',
    )
  })

  it('of an instance without anything is one line', () => {
    const absent: Status = { ...STATUS, state: 'absent', services: [], release: null, version: null }
    expect(renderStatus(absent, PLAIN, NOW)).toMatchInlineSnapshot(`"lab  ○ absent"`)
  })
})

describe('a service in the middle of its replacement', () => {
  const stack = aStack('lab', [aService('web')])
  const former = aContainer(stack, 'web', { id: 'old', state: 'exited', health: 'none' })

  it('is as its new container is: the stopped one is only kept for the way back', () => {
    const fresh = (health: 'starting' | 'healthy') => aContainer(stack, 'web', { id: 'new', health })
    expect(serviceState([former, fresh('starting')])).toBe('starting')
    expect(serviceState([former, fresh('healthy')])).toBe('running')
    expect(serviceState([former])).toBe('stopped')
  })

  it('is not well when another of its containers is stopped', () => {
    expect(serviceState([former, aContainer(stack, 'web', { id: 'two', number: 2 })])).toBe('stopped')
  })
})
