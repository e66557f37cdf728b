import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { liveSource } from '../../src/ui/tui/live-source.ts'
import type { Update } from '../../src/ui/tui/source.ts'
import { ddalab } from '../cli/run-cli.ts'
import { aFolder } from '../cli/temporary.ts'
import { worldIn } from '../support/world.ts'
import { FakeEngine } from './fake-engine.ts'

describe('what the dashboard watches', () => {
  let home: string
  let engine: FakeEngine
  beforeEach(async () => {
    home = aFolder()
    engine = new FakeEngine(join(home, 'engine.sock'), 'lab')
    await engine.start()
    onTestFinished(() => engine.stop())
    const env = { DDALAB_HOME: home }
    expect(await ddalab(['init', '-i', 'lab', '--template', 'demo'], { env })).toMatchObject({ code: 0 })
  })

  /** What is told from now on, until the test ends. */
  function watched(instance = 'lab') {
    const told: Update[] = []
    const stop = new AbortController()
    const done = liveSource(worldIn(home, engine.host), { instance }).watch((update) => told.push(update), stop.signal)
    const leave = () => {
      stop.abort()
      return done
    }
    onTestFinished(leave)
    const last = () => {
      const seen = told.findLast(({ type }) => type !== 'stats')
      if (seen?.type === 'lost') return seen.code
      if (seen?.type !== 'snapshot') return undefined
      const { state, services } = seen.snapshot.status
      return [state, ...services.map((one) => `${one.name} ${one.state}`)].join(', ')
    }
    return { told, last, leave }
  }

  it('is told at once, and again when the engine says that something has happened', async () => {
    const { last } = watched()
    await expect.poll(last).toBe('absent, web absent')
    engine.containers = [{ id: 'a'.repeat(64), service: 'web', status: 'running' }]
    engine.happens('start', 'a'.repeat(64))
    await expect.poll(last).toBe('healthy, web running')
  })

  it('an engine that goes is told, and what runs as soon as it is back', async () => {
    const { last } = watched()
    await expect.poll(last).toBe('absent, web absent')
    await engine.stop()
    await expect.poll(last).toMatch(/^ENGINE_/)
    await engine.start()
    await expect.poll(last).toBe('absent, web absent')
  })

  it('an instance that is not there is told, with the command that makes it; then it is there', async () => {
    const { told, last } = watched('trial')
    await expect.poll(last).toBe('INSTANCE_NOT_FOUND')
    expect(told.find(({ type }) => type === 'lost')).toMatchObject({ hint: 'Make it with: ddalab init -i trial' })
    await ddalab(['init', '-i', 'trial', '--template', 'demo'], { env: { DDALAB_HOME: home } })
    await expect.poll(last).toBe('absent, web absent')
  })

  it('ends when it is told to, and tells nothing after that', async () => {
    const { told, last, leave } = watched()
    await expect.poll(last).toBe('absent, web absent')
    await leave()
    const before = told.length
    engine.happens('start', 'x')
    expect(told).toHaveLength(before)
  })
})
