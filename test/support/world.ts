import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../../src/core/actions/world.ts'
import { readEnvironment } from '../../src/core/environment.ts'
import { createEventBus, type StampedEvent } from '../../src/core/kernel/index.ts'

/** A world of its own for a test: a home directory, an engine, and ears for all events. */
export interface TestWorld extends World {
  readonly directory: string
  readonly events: StampedEvent[]
  remove(): Promise<void>
}

export async function testWorld(dockerHost: string, signal?: AbortSignal): Promise<TestWorld> {
  return worldIn(await mkdtemp(join(tmpdir(), 'ddalab-world-')), dockerHost, signal)
}

/** The same in a home directory that is there: for a process beside the test. */
export function worldIn(directory: string, dockerHost: string, signal = new AbortController().signal): TestWorld {
  const events: StampedEvent[] = []
  const bus = createEventBus(() => new Date())
  bus.subscribe((event) => events.push(event))
  return {
    directory,
    events,
    environment: readEnvironment({ DDALAB_HOME: directory, DOCKER_HOST: dockerHost }, process.platform, homedir()),
    templatesDir: join(import.meta.dirname, '../../templates'),
    sink: bus,
    signal,
    now: () => new Date(),
    command: 'test',
    hide: () => {},
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
