import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { containerStats, type Engine } from '../../../src/core/providers/docker/client/index.ts'
import { readStats } from '../../../src/core/providers/docker/client/stats.ts'
import { lab } from '../../lab/lab.ts'
import { collect, connectTo, removeAll, runBusybox } from './support.ts'

const cpu = (used: number, system: number, more = {}) => ({
  cpu_usage: { total_usage: used },
  system_cpu_usage: system,
  online_cpus: 4,
  ...more,
})

describe('the figures of a container', () => {
  it('are those of the Docker CLI, with cgroup v2', () => {
    const document = {
      cpu_stats: cpu(300, 2000),
      precpu_stats: cpu(100, 1000),
      memory_stats: { usage: 1000, limit: 8000, stats: { inactive_file: 400, file: 900 } },
      networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
      blkio_stats: {
        io_service_bytes_recursive: [
          { op: 'read', value: 5 },
          { op: 'write', value: 7 },
          { op: 'read', value: 5 },
        ],
      },
      pids_stats: { current: 3 },
    }
    expect(readStats(document)).toEqual({
      cpuPercent: 80,
      memoryBytes: 600,
      memoryLimit: 8000,
      networkReceived: 11,
      networkSent: 22,
      blockRead: 10,
      blockWritten: 7,
      processes: 3,
    })
  })

  it('are those of the Docker CLI, with cgroup v1', () => {
    const document = {
      cpu_stats: { cpu_usage: { total_usage: 300, percpu_usage: [1, 2] }, system_cpu_usage: 2000 },
      precpu_stats: { cpu_usage: { total_usage: 100 }, system_cpu_usage: 1000 },
      memory_stats: { usage: 1000, limit: 8000, stats: { total_inactive_file: 300, inactive_file: 400 } },
      blkio_stats: { io_service_bytes_recursive: [{ op: 'Read', value: 5 }] },
    }
    expect(readStats(document)).toMatchObject({ cpuPercent: 40, memoryBytes: 700, blockRead: 5, processes: 0 })
  })

  it('have no CPU share where there is nothing to compare with, and are 0 for a stopped container', () => {
    expect(readStats({ cpu_stats: cpu(5, 10), precpu_stats: {} }).cpuPercent).toBeUndefined()
    expect(readStats({ memory_stats: {}, networks: null, blkio_stats: null })).toMatchObject({ memoryBytes: 0 })
  })
})

describe.skipIf(!lab.available).each(lab.engines)('statistics on Engine $version', ({ host }) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await connectTo(host)
  })
  afterAll(async () => {
    await removeAll(engine, 'client-stats-')
    engine.close()
  })

  it('tell of a busy container', async () => {
    const memory = { Memory: 64 * 1024 * 1024 }
    const id = await runBusybox(engine, 'client-stats-busy', ['sh', '-c', 'while :; do :; done'], {}, memory)
    const [stats, ...more] = await collect(containerStats(engine, id, { once: true }))
    expect(more).toEqual([])
    expect(stats).toMatchObject({ memoryLimit: memory.Memory, processes: 1 })
    expect(stats?.cpuPercent).toBeGreaterThan(5)
    expect(stats?.memoryBytes).toBeGreaterThan(0)
    await engine.containers.kill(id)
  })

  it('end normally when the signal fires', async () => {
    const id = await runBusybox(engine, 'client-stats-stream', ['sleep', '60'])
    const controller = new AbortController()
    let seen = 0
    for await (const stats of containerStats(engine, id, { signal: controller.signal })) {
      expect(stats.memoryLimit).toBeGreaterThan(0)
      seen += 1
      if (seen === 2) controller.abort()
    }
    expect(seen).toBe(2)
  })

  it('of a container that is not there are an error of their own', async () => {
    await expect(collect(containerStats(engine, 'client-stats-no-such'))).rejects.toMatchObject({
      code: 'CONTAINER_NOT_FOUND',
    })
  })
})
