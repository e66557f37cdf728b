import { describe, expect, test } from 'vitest'
import type { Container } from '../../src/core/providers/docker/client/index.ts'
import { observedContainer } from '../../src/core/providers/docker/observed.ts'
import {
  type HealthPolicy,
  judgeHealth,
  startingDeadline,
} from '../../src/core/providers/docker/operations/health-verdict.ts'

const seconds = (count: number) => count * 1e9

function aContainer(
  state: Partial<Container['State']>,
  given: { restarts?: number; healthcheck?: Partial<NonNullable<Container['Config']['Healthcheck']>> } = {},
): Container {
  return {
    Id: 'f00',
    Name: '/shop-web-1',
    Created: '',
    Image: 'sha256:f00',
    RestartCount: given.restarts ?? 0,
    State: {
      Status: 'running',
      Running: true,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      ExitCode: 0,
      Error: '',
      StartedAt: '',
      FinishedAt: '',
      Health: undefined,
      ...state,
    },
    Config: {
      Image: 'web:1',
      Tty: false,
      Env: [],
      Cmd: [],
      Entrypoint: [],
      Labels: {},
      Healthcheck: {
        Test: ['CMD', 'true'],
        Interval: seconds(10),
        Timeout: seconds(2),
        StartPeriod: seconds(20),
        StartInterval: 0,
        Retries: 3,
        ...given.healthcheck,
      },
      StopSignal: undefined,
      StopTimeout: undefined,
    },
    HostConfig: {
      NetworkMode: 'shop_default',
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      LogConfig: { Type: 'json-file', Config: {} },
      AutoRemove: false,
      PortBindings: {},
      NanoCpus: 0,
      Memory: 0,
    },
    Mounts: [],
    NetworkSettings: { Networks: {}, Ports: {} },
  }
}

const health = (Status: string) => ({ Health: { Status, FailingStreak: 0, Log: [] } })
const policy: HealthPolicy = { stability: 2_000, watch: 0, restarts: 0, forgiving: false }
const judge = (container: Container | undefined, now: number, given: Partial<HealthPolicy> = {}, wellSince?: number) =>
  judgeHealth(container, { startedAt: 0, ...(wellSince !== undefined && { wellSince }) }, { ...policy, ...given }, now)

describe('the verdict on a container that has been started', () => {
  test('healthy is ready at once where nothing is to be watched', () => {
    expect(judge(aContainer(health('healthy')), 500)).toEqual({ kind: 'ready' })
  })

  test('rule 22: without a check it is ready after the window of stability, and no sooner', () => {
    expect(judge(aContainer({}), 1_000)).toMatchObject({ kind: 'waiting', until: 3_000 })
    expect(judge(aContainer({}), 2_999, {}, 1_000)).toMatchObject({ kind: 'waiting', until: 3_000 })
    expect(judge(aContainer({}), 3_000, {}, 1_000)).toEqual({ kind: 'ready' })
  })

  test('rule 23: starting ends at start_period + (interval + timeout) x retries, and a little', () => {
    expect(startingDeadline(aContainer({}))).toBe(20_000 + (10_000 + 2_000) * 3 + 5_000)
    expect(judge(aContainer(health('starting')), 60_999)).toMatchObject({ kind: 'waiting', until: 61_000 })
    expect(judge(aContainer(health('starting')), 61_000)).toMatchObject({ kind: 'failed', code: 'TIMED_OUT' })
  })

  test("rule 23: what the check does not say is the engine's default", () => {
    const silent = aContainer({}, { healthcheck: { Interval: 0, Timeout: 0, StartPeriod: 0, Retries: 0 } })
    expect(startingDeadline(silent)).toBe((30_000 + 30_000) * 3 + 5_000)
  })

  test('rule 24: after healthy it is watched, from the moment it became so', () => {
    expect(judge(aContainer(health('healthy')), 4_000, { watch: 5_000 })).toMatchObject({ until: 9_000 })
    expect(judge(aContainer(health('healthy')), 9_000, { watch: 5_000 }, 4_000)).toEqual({ kind: 'ready' })
  })

  test('rule 24: a relapse during the watch starts it again', () => {
    const relapse = judge(aContainer(health('starting')), 5_000, { watch: 5_000 }, 4_000)
    expect(relapse).toMatchObject({ kind: 'waiting', history: { startedAt: 0 } })
  })

  test.each([
    ['rule 25: it is restarting', aContainer({ Restarting: true, Running: true, ExitCode: 3 })],
    ['rule 25: it has been restarted', aContainer({}, { restarts: 1 })],
    ['it has exited, with 0 as well', aContainer({ Running: false, Status: 'exited' })],
    ['it was out of memory', aContainer({ OOMKilled: true })],
  ])('%s: failed', (_, container) => {
    expect(judge(container, 100)).toMatchObject({ kind: 'failed', code: 'CONTAINER_EXITED' })
  })

  test('restarts of an earlier time do not count', () => {
    expect(judge(aContainer(health('healthy'), { restarts: 4 }), 100, { restarts: 4 })).toEqual({ kind: 'ready' })
  })

  test('unhealthy is final for a new container, and waited for in one that was there', () => {
    expect(judge(aContainer(health('unhealthy')), 100)).toMatchObject({ kind: 'failed', code: 'UNHEALTHY' })
    expect(judge(aContainer(health('unhealthy')), 100, { forgiving: true })).toMatchObject({ kind: 'waiting' })
  })

  test('removed by somebody: failed', () => {
    expect(judge(undefined, 100)).toMatchObject({ kind: 'failed', code: 'CONTAINER_NOT_FOUND' })
  })
})

describe('what the checks of a container say', () => {
  const seen = (FailingStreak: number, exitCodes: readonly number[]) => {
    const Log = exitCodes.map((ExitCode) => ({ Start: '', End: '', ExitCode, Output: '' }))
    return observedContainer(aContainer({ Health: { Status: 'unhealthy', FailingStreak, Log } })).health
  }

  test('one that stood still for its backup is not ill because the engine calls it so until the next check', () => {
    expect(seen(0, [0])).toBe('healthy')
    expect(seen(1, [0, 1])).toBe('starting')
    expect(seen(0, [])).toBe('starting')
    expect(seen(3, [1, 1, 1])).toBe('unhealthy')
  })
})
