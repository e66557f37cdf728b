import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { Deployer } from '../support/deployer.ts'
import { aService, aStack } from '../support/stack.ts'

const [engine] = lab.engines.slice(-1)

describe.skipIf(engine === undefined)('an engine that fails', () => {
  let broken: ThrowAwayEngine
  const name = `fault-${randomUUID().slice(0, 8)}`

  beforeEach(async () => {
    broken = await throwAwayEngine(name)
    await broken.load(engine?.name ?? '', labImages.busybox)
  })
  afterEach(() => broken.remove())

  test('rule 32: killed in the middle of a deploy, the next command finishes the undo', async () => {
    const deployer = await Deployer.on(broken.host)
    const stack = aStack('gone', [
      aService('web', {
        image: labImages.busybox,
        command: ['sleep', '600'],
        stopSignal: 'SIGKILL',
        healthcheck: { test: ['CMD-SHELL', 'exit 1'], interval: 1_000, timeout: 1_000, retries: 30 },
      }),
    ])
    const deploying = deployer.deploy(stack)
    await expect.poll(() => deployer.events.some(({ type }) => type === 'operation.progress')).toBe(true)
    await broken.kill()
    // It waits a while for the engine's return.
    const report = await deploying
    expect(report).toMatchObject({ result: 'rollback-failed', error: { exit: 6 } })
    expect(report.error?.options.details?.join('\n')).toMatch(/engine/i)

    await broken.start()
    expect(await deployer.recover()).toMatchObject({ result: 'rolled-back' })
    expect(await deployer.containers(stack)).toEqual([])
    expect(await deployer.journals.unfinished()).toBeUndefined()
    await deployer.close()
  })
})
